/**
 * Settings of a session that reads the content of a database, each as `name = value`: a value must have the same text
 * whatever the role, the database or the client is set to; a row that row security hides must not pass for one that is
 * not there; a server whose client has gone must notice by itself, in the middle of a statement too (Postgres 14 and
 * later); and a client that is busy with the other database must not be cut off.
 */
export const CONTENT_SETTINGS: readonly string[] = [
  "client_encoding = 'UTF8'",
  "datestyle = 'ISO, YMD'",
  "timezone = 'UTC'",
  "intervalstyle = 'postgres'",
  'extra_float_digits = 3',
  "bytea_output = 'hex'",
  "lc_monetary = 'C'",
  "xmloption = 'content'",
  'standard_conforming_strings = on',
  'array_nulls = on',
  'row_security = off',
  "client_connection_check_interval = '2s'",
  'idle_in_transaction_session_timeout = 0',
];
