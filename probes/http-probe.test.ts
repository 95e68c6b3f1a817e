import { createServer as createTlsServer } from 'node:https';
import { createServer as createNetServer } from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { machineClock } from './clock.ts';
import type { HttpProbeSpec } from './core/probe-spec.ts';
import { listenOnFixedPort } from './fixed-port.ts';
import { askOnce, httpProbe } from './http-probe.ts';
import { expiredCertificate, testKey, validCertificate } from './test-certificates.ts';
import { answerOk, httpSpec, testServer } from './test-server.ts';

const reasonOf = async (spec: HttpProbeSpec): Promise<string> => {
  const sample = await askOnce(spec);
  return sample.outcome === 'bad' ? sample.reason! : sample.outcome;
};

test('a 200 with an unhealthy body is bad under a body rule, and good without one', async () => {
  const { port } = await testServer((_, response) => response.end('{"status":"degraded","db":"down"}'));
  const body = { json: { status: 'ok' } };
  expect(await reasonOf(httpSpec(port, { body }))).toBe('body status is "degraded", not "ok"');
  expect(await reasonOf(httpSpec(port))).toBe('good');
});

test('a redirect is bad and not followed, a loop ends at once', async () => {
  const asked: string[] = [];
  const { port } = await testServer((request, response) => {
    asked.push(request.url!);
    if (request.url === '/login') answerOk(request, response);
    else response.writeHead(302, { location: request.url === '/health' ? '/login' : request.url }).end();
  });
  expect(await reasonOf(httpSpec(port))).toBe('redirect 302');
  expect(await reasonOf(httpSpec(port, { request: { method: 'GET', url: `http://127.0.0.1:${port}/loop` } }))).toBe(
    'redirect 302',
  );
  expect(asked).toEqual(['/health', '/loop']);
});

test('a page that refreshes itself to a login page is bad under a body rule', async () => {
  const { port } = await testServer((_, response) =>
    response.end('<meta http-equiv="refresh" content="0;url=/login">'),
  );
  expect(await reasonOf(httpSpec(port, { body: { includes: '"status":"ok"' } }))).toMatch(/^body lacks/);
});

test('method, path, query, headers and body arrive, and the Host is the URL’s where the address is another', async () => {
  let seen: unknown;
  const { port } = await testServer((request, response) => {
    request.setEncoding('utf8').once('data', (body) => {
      seen = [request.method, request.url, request.headers.host, request.headers['x-key'], body];
      answerOk(request, response);
    });
  });
  const request = { method: 'POST', url: 'http://api.example.test/a?b=c', headers: { 'x-key': 'k' }, body: '注文' };
  expect(await reasonOf(httpSpec(0, { request, connectTo: { address: '127.0.0.1', port } }))).toBe('good');
  expect(seen).toEqual(['POST', '/a?b=c', 'api.example.test', 'k', '注文']);
});

test('the one deadline covers a body that never ends', async () => {
  const { port } = await testServer((_, response) => void response.writeHead(200).write('begun'));
  const sample = await askOnce(httpSpec(port, { deadlineMs: 150 }));
  expect(sample).toMatchObject({ outcome: 'bad', reason: 'deadline' });
  expect(sample.answeredAtMs - sample.sentAtMs).toBeLessThan(400);
});

test('a body without bound is bad before it fills the memory', async () => {
  const { port } = await testServer((_, response) => response.end(Buffer.alloc(2_000_000)));
  expect(await reasonOf(httpSpec(port))).toBe('body over 1048576 bytes');
});

test.each<{ name: string; onConnection: 'close' | 'garbage' | 'silence'; reason: RegExp }>([
  { name: 'closed at once', onConnection: 'close', reason: /^reset$/ },
  { name: 'that is no HTTP', onConnection: 'garbage', reason: /^not HTTP$/ },
  { name: 'that says nothing', onConnection: 'silence', reason: /^deadline$/ },
])('a connection $name is bad', async ({ onConnection, reason }) => {
  const server = createNetServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    if (onConnection === 'close') socket.destroy();
    if (onConnection === 'garbage') socket.write('hello\n\n');
  });
  const port = await listenOnFixedPort(server);
  onTestFinished(() => void server.close());
  expect(await reasonOf(httpSpec(port, { deadlineMs: 200 }))).toMatch(reason);
});

test('a name that is not found and a port that is closed are told apart', async () => {
  const { server, port } = await testServer();
  await new Promise((resolve) => server.close(resolve));
  expect(await reasonOf(httpSpec(port))).toBe('connect ECONNREFUSED');
  const request = { method: 'GET', url: 'http://nowhere.invalid/' };
  expect(await reasonOf(httpSpec(0, { request }))).toMatch(/^connect (ENOTFOUND|EAI_AGAIN)$/);
});

test('a fresh probe connects anew each time, a kept-alive one once', async () => {
  const { server, port } = await testServer();
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  for (const [connection, expected] of [
    ['fresh', 3],
    ['kept-alive', 1],
  ] as const) {
    connections = 0;
    const probe = httpProbe(httpSpec(port, { connection }));
    for (const k of [0, 1, 2]) {
      expect(await probe.ask(k, machineClock.nowMs())).toMatchObject({ k, outcome: 'good' });
      await machineClock.sleep(20); // A connection is free again a moment after its answer.
    }
    await probe.close();
    expect(connections).toBe(expected);
  }
});

test('certificates: expired, untrusted and for another name are told as tls, and seen when swapped', async () => {
  const server = createTlsServer({ key: testKey, cert: validCertificate });
  const { port } = await testServer(answerOk, server as never);
  const at = (host: string) =>
    httpSpec(0, { request: { method: 'GET', url: `https://${host}/` }, connectTo: { address: '127.0.0.1', port } });
  expect(await reasonOf(at('probe.test'))).toBe('tls DEPTH_ZERO_SELF_SIGNED_CERT');
  const before = tls.getCACertificates('default');
  onTestFinished(() => tls.setDefaultCACertificates(before));
  tls.setDefaultCACertificates([validCertificate, expiredCertificate]);
  expect(await reasonOf(at('probe.test'))).toBe('good');
  expect(await reasonOf(at('other.test'))).toBe('tls ERR_TLS_CERT_ALTNAME_INVALID');
  server.setSecureContext({ key: testKey, cert: expiredCertificate });
  expect(await reasonOf(at('probe.test'))).toBe('tls CERT_HAS_EXPIRED');
});

test('plain HTTP behind an https URL is told as tls', async () => {
  const { port } = await testServer();
  const request = { method: 'GET', url: `https://127.0.0.1:${port}/` };
  expect(await reasonOf(httpSpec(port, { request }))).toMatch(/^tls /);
});
