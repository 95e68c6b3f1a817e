import { bodyProblem } from './body-rule.ts';
import type { BodyRule } from './probe-spec.ts';

/** What came back from an HTTP server. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Why the answer is not the right one, or `undefined` when it is. A redirect is never followed. */
export function answerProblem(answer: HttpAnswer, expectStatus: number, rule?: BodyRule): string | undefined {
  if (answer.status !== expectStatus) return statusReason(answer.status);
  return rule === undefined ? undefined : bodyProblem(answer.body, rule);
}

/** A wrong status as the reason of a bad sample. */
export function statusReason(status: number): string {
  return status >= 300 && status < 400 && status !== 304 ? `redirect ${status}` : `HTTP ${status}`;
}

const CONNECT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOENT',
]);
const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET']);
const DEADLINE_CODES = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
// OpenSSL's verification results, as Node names them (node:tls, "X509 certificate error codes").
const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|ERROR_IN_CERT_)/;
// Five characters, always with a digit (which EPERM and its like have not).
const SQLSTATE = /^(?=.*[0-9])[0-9A-Z]{5}$/;
/** The driver's words for a server that closed the connection; it gives no code. */
const PG_CLOSED = 'Connection terminated unexpectedly';

/** Why a request failed, as the reason of a bad sample: `connect …`, `deadline`, `tls …`, `reset`, `sql …`. */
export function failureReason(error: unknown): string {
  if (hasName(error, 'TimeoutError')) return 'deadline';
  if (hasName(error, 'HTTPParserError')) return 'not HTTP';
  const code = errorCode(error);
  if (code === undefined) return uncodedReason(error);
  if (DEADLINE_CODES.has(code)) return 'deadline';
  if (CONNECT_CODES.has(code)) return `connect ${code}`;
  if (RESET_CODES.has(code)) return 'reset';
  if (TLS_CODE.test(code)) return `tls ${code}`;
  return SQLSTATE.test(code) ? `sql ${code}` : code;
}

function uncodedReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === PG_CLOSED ? 'reset' : error.message;
}

/**
 * Whether a failure proves that the server got nothing: the connection was never made. A deadline
 * does not prove it, nor does a reset.
 */
export function provesNothingSent(error: unknown): boolean {
  return CONNECT_CODES.has(errorCode(error) ?? '');
}

function hasName(error: unknown, name: string): boolean {
  return error instanceof Error && (error.name === name || hasName(error.cause, name));
}

/** The code of the error or of what caused it; a library's own wrapper often has none. */
function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : errorCode(error.cause);
}
