import { expect, test } from 'vitest';
import { answerProblem, failureReason, provesNothingSent } from './answer.ts';

test.each<[status: number, body: string, problem: string | undefined]>([
  [200, '{"status":"ok"}', undefined],
  [200, '{"status":"degraded","db":"down"}', 'body status is "degraded", not "ok"'],
  [200, '<meta http-equiv="refresh" content="0; url=/login">', 'body is not JSON'],
  [302, '', 'redirect 302'],
  [308, '', 'redirect 308'],
  [304, '', 'HTTP 304'],
  [503, '{"status":"ok"}', 'HTTP 503'],
  [204, '', 'HTTP 204'],
])('an answer %i %s is %s', (status, body, problem) => {
  expect(answerProblem({ status, body }, 200, { json: { status: 'ok' } })).toBe(problem);
});

test('a redirect that is expected is right', () => {
  expect(answerProblem({ status: 302, body: '' }, 302)).toBeUndefined();
});

const coded = (code: string, cause?: unknown): Error => Object.assign(new Error('failed', { cause }), { code });

test.each<{ error: unknown; reason: string; nothingSent?: true }>([
  { error: coded('ECONNREFUSED'), reason: 'connect ECONNREFUSED', nothingSent: true },
  { error: new Error('fetch failed', { cause: coded('ENOTFOUND') }), reason: 'connect ENOTFOUND', nothingSent: true },
  { error: coded('ECONNRESET'), reason: 'reset' },
  { error: coded('UND_ERR_SOCKET'), reason: 'reset' },
  { error: coded('EPIPE'), reason: 'reset' },
  { error: new Error('Connection terminated unexpectedly'), reason: 'reset' },
  { error: new DOMException('late', 'TimeoutError'), reason: 'deadline' },
  { error: coded('ETIMEDOUT'), reason: 'deadline' },
  { error: coded('UND_ERR_CONNECT_TIMEOUT'), reason: 'deadline' },
  { error: coded('CERT_HAS_EXPIRED'), reason: 'tls CERT_HAS_EXPIRED' },
  { error: coded('DEPTH_ZERO_SELF_SIGNED_CERT'), reason: 'tls DEPTH_ZERO_SELF_SIGNED_CERT' },
  { error: coded('ERR_TLS_CERT_ALTNAME_INVALID'), reason: 'tls ERR_TLS_CERT_ALTNAME_INVALID' },
  { error: coded('ERR_SSL_WRONG_VERSION_NUMBER'), reason: 'tls ERR_SSL_WRONG_VERSION_NUMBER' },
  { error: Object.assign(new Error('?'), { name: 'HTTPParserError' }), reason: 'not HTTP' },
  { error: coded('57P01'), reason: 'sql 57P01' },
  { error: coded('25006'), reason: 'sql 25006' },
  { error: coded('EPERM'), reason: 'EPERM' },
  { error: new Error('body over 10 bytes'), reason: 'body over 10 bytes' },
  { error: 'odd', reason: 'odd' },
])('a failure is told as $reason', ({ error, reason, nothingSent }) => {
  expect(failureReason(error)).toBe(reason);
  expect(provesNothingSent(error)).toBe(nothingSent ?? false);
});
