import type { Side } from './side.ts';

export type ObjectKind = 'schema' | 'extension' | 'role' | 'parameter';

export interface ObjectText {
  readonly kind: ObjectKind;
  readonly what: string;
  /** All of it that matters, as text. */
  readonly text: string;
}

/** Settings that decide how content is stored, sorted, read or written, and which a restored server may lack. */
const PARAMETERS = [
  ...['server_encoding', 'lc_collate', 'lc_ctype', 'lc_messages', 'lc_monetary', 'lc_numeric', 'lc_time'],
  ...['TimeZone', 'DateStyle', 'IntervalStyle', 'search_path', 'bytea_output', 'extra_float_digits', 'xmloption'],
  ...['default_transaction_isolation', 'default_transaction_read_only', 'default_transaction_deferrable'],
  ...['standard_conforming_strings', 'session_replication_role', 'max_connections', 'statement_timeout'],
  ...['lock_timeout', 'idle_in_transaction_session_timeout', 'default_text_search_config', 'row_security'],
];

/**
 * Each object as one text that is the same wherever the object is: the server writes it itself, with every name in
 * full. Only what every role may read is asked; passwords are not.
 */
const OBJECTS = `
  WITH n AS (SELECT oid, nspname FROM pg_namespace
              WHERE nspname !~ '^pg_(toast|temp)' AND nspname NOT IN ('pg_catalog', 'information_schema'))
  SELECT 'schema' AS kind, format('table %I.%I', n.nspname, c.relname) AS what,
         concat_ws(' ', c.relkind, c.relpersistence, pg_get_userbyid(c.relowner), c.relrowsecurity,
                   c.relforcerowsecurity, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
                   array_to_string(c.reloptions, ','), c.relacl::text) AS text
    FROM pg_class c JOIN n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v', 'S')
  UNION ALL
  SELECT 'schema', format('table %I.%I column %I', n.nspname, c.relname, a.attname),
         concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                   'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), NULLIF(a.attidentity, ''), NULLIF(a.attgenerated, ''),
                   'COLLATE ' || l.collname)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
   WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'schema', format('table %I.%I constraint %I', n.nspname, c.relname, k.conname),
         pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'schema', format('index %I.%I', n.nspname, c.relname),
         pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'schema', format('trigger %I on %I.%I', t.tgname, n.nspname, c.relname),
         pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'schema', format('rule %I on %I.%I', r.rulename, n.nspname, c.relname),
         pg_get_ruledef(r.oid) || ' ' || r.ev_enabled::text
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'schema', format('policy %I on %I.%I', p.polname, n.nspname, c.relname),
         concat_ws(' ', p.polcmd, p.polpermissive, (SELECT string_agg(pg_get_userbyid(role), ',' ORDER BY role)
                   FROM unnest(p.polroles) role), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'schema', format('function %s', p.oid::regprocedure), md5(pg_get_functiondef(p.oid))
    FROM pg_proc p JOIN n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p', 'w')
  UNION ALL
  SELECT 'schema', format('aggregate %s', a.aggfnoid::regprocedure),
         concat_ws(' ', a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.agginitval, NULLIF(a.aggsortop, 0)::regoperator)
    FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN n ON n.oid = p.pronamespace
  UNION ALL
  SELECT 'schema', format('type %I.%I', n.nspname, t.typname),
         concat_ws(' ', t.typtype, format_type(NULLIF(t.typbasetype, 0), t.typtypmod), t.typnotnull, t.typdefault,
                   (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                      FROM pg_enum e WHERE e.enumtypid = t.oid),
                   (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)
                      FROM pg_constraint k WHERE k.contypid = t.oid))
    FROM pg_type t JOIN n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd', 'r')
  UNION ALL
  SELECT 'schema', format('sequence %I.%I', n.nspname, c.relname),
         concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'extension', 'extension ' || extname, extversion FROM pg_extension
  UNION ALL
  SELECT 'role', 'role ' || rolname,
         concat_ws(' ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolinherit THEN 'inherit' END,
                   CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolcreatedb THEN 'createdb' END,
                   CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolreplication THEN 'replication' END,
                   CASE WHEN rolbypassrls THEN 'bypassrls' END, rolconnlimit, rolvaliduntil,
                   (SELECT 'in ' || string_agg(pg_get_userbyid(m.roleid)::text, ',' ORDER BY pg_get_userbyid(m.roleid))
                      FROM pg_auth_members m WHERE m.member = r.oid))
    FROM pg_roles r WHERE rolname !~ '^pg_'
  UNION ALL
  SELECT 'parameter', format('setting of %s in %s database', CASE setrole WHEN 0 THEN 'all' ELSE pg_get_userbyid(setrole)::text END,
                              CASE setdatabase WHEN 0 THEN 'every' ELSE 'this' END),
         array_to_string(setconfig, ', ')
    FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
   WHERE s.setdatabase = 0 OR d.datname = current_database()
  UNION ALL
  SELECT 'parameter', 'encoding and collation',
         concat_ws(' ', pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = current_database()
  UNION ALL
  SELECT 'parameter', 'parameter ' || name, reset_val FROM pg_settings WHERE lower(name) = ANY ($1::text[])`;

/** All that a database holds beside its rows, by kind and name. */
export async function describeObjects({ client }: Side): Promise<Map<string, ObjectText>> {
  const { rows } = await client.query<ObjectText>(OBJECTS, [PARAMETERS.map((name) => name.toLowerCase())]);
  return new Map(rows.map((row) => [`${row.kind} ${row.what}`, row]));
}
