import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { machineClock } from './clock.ts';
import type { WriteProbeSpec } from './core/probe-spec.ts';
import { openLineFile } from './line-file.ts';
import { readBack } from './read-back.ts';
import { readLedgerFile } from './samples-file.ts';
import { temporaryDirectory, testServer } from './test-server.ts';
import { writeProbe } from './write-probe.ts';

const spec = (port: number, rest: Partial<WriteProbeSpec> = {}): WriteProbeSpec => ({
  kind: 'write',
  name: 'orders',
  marker: 'run-7',
  request: { method: 'POST', url: `http://127.0.0.1:${port}/orders`, body: '{"reference":"{reference}"}' },
  readBackUrl: `http://127.0.0.1:${port}/orders?reference={reference}`,
  refusedStatuses: [503],
  intervalMs: 100,
  deadlineMs: 300,
  slowMs: 200,
  ...rest,
});

const found: RequestListener = (_, response) => response.end('["run-7-000003"]');
const status =
  (code: number): RequestListener =>
  (_, response) =>
    response.writeHead(code).end();
const cut: RequestListener = (request) => request.socket.destroy();
const silent: RequestListener = () => {};

test.each<{
  name: string;
  write: RequestListener;
  read: RequestListener;
  state: string;
  outcome: string;
  reason?: string;
}>([
  { name: 'written and found', write: status(201), read: found, state: 'acknowledged', outcome: 'good' },
  {
    name: 'acknowledged and not in the answer',
    write: status(201),
    read: (_, response) => response.end('[]'),
    state: 'acknowledged',
    outcome: 'bad',
    reason: 'stale read',
  },
  {
    name: 'acknowledged and "not found"',
    write: status(201),
    read: status(404),
    state: 'acknowledged',
    outcome: 'bad',
    reason: 'stale read',
  },
  {
    name: 'acknowledged, and the read fails',
    write: status(200),
    read: status(500),
    state: 'acknowledged',
    outcome: 'bad',
    reason: 'read-back HTTP 500',
  },
  {
    name: 'acknowledged, and the read is cut',
    write: status(200),
    read: cut,
    state: 'acknowledged',
    outcome: 'bad',
    reason: 'read-back reset',
  },
  {
    name: 'acknowledged, and the read hangs',
    write: status(200),
    read: silent,
    state: 'acknowledged',
    outcome: 'bad',
    reason: 'read-back deadline',
  },
  {
    name: 'refused by its status',
    write: status(503),
    read: found,
    state: 'refused',
    outcome: 'bad',
    reason: 'HTTP 503',
  },
  {
    name: 'another status decides nothing',
    write: status(500),
    read: found,
    state: 'indeterminate',
    outcome: 'bad',
    reason: 'HTTP 500',
  },
  {
    name: 'a redirect decides nothing',
    write: status(307),
    read: found,
    state: 'indeterminate',
    outcome: 'bad',
    reason: 'redirect 307',
  },
  { name: 'cut before the answer', write: cut, read: found, state: 'indeterminate', outcome: 'bad', reason: 'reset' },
  { name: 'never answered', write: silent, read: found, state: 'indeterminate', outcome: 'bad', reason: 'deadline' },
])('a write: $name', async ({ write, read, state, outcome, reason }) => {
  const path = join(temporaryDirectory(), 'ledger.jsonl');
  const ledger = openLineFile(path);
  let onDiskWhenAsked = '';
  const { port } = await testServer((request, response) => {
    if (request.method === 'GET') return read(request, response);
    onDiskWhenAsked = readFileSync(path, 'utf8');
    return write(request, response);
  });
  const sample = await writeProbe(spec(port), ledger.append).ask(3, machineClock.nowMs());
  await ledger.close();
  expect(sample).toMatchObject({ k: 3, outcome, ...(reason && { reason }) });
  expect(JSON.parse(onDiskWhenAsked)).toMatchObject({ n: 3, reference: 'run-7-000003', state: 'intended' });
  expect(readLedgerFile(path).entries.map((entry) => [entry.n, entry.state])).toEqual([
    [3, 'intended'],
    [3, state],
  ]);
});

test('a write that nobody accepted is refused: nothing was sent', async () => {
  const { server, port } = await testServer();
  await new Promise((resolve) => server.close(resolve));
  const entries: { state: string }[] = [];
  const sample = await writeProbe(spec(port), async (entry) => void entries.push(entry)).ask(0, machineClock.nowMs());
  expect(sample).toMatchObject({ outcome: 'bad', reason: 'connect ECONNREFUSED' });
  expect(entries.map((entry) => entry.state)).toEqual(['intended', 'refused']);
});

test('the reference stands in the URL and the body, and the read asks for it with its headers', async () => {
  const seen: unknown[] = [];
  const { port } = await testServer((request, response) => {
    seen.push([request.url, request.headers['x-key']]);
    response.end('run-7-000012');
  });
  const request = { method: 'PUT', url: `http://127.0.0.1:${port}/o/{reference}` };
  const probe = writeProbe(spec(port, { request, readBackHeaders: { 'x-key': 'k' } }), async () => {});
  expect(await probe.ask(12, machineClock.nowMs())).toMatchObject({ outcome: 'good' });
  expect(seen).toEqual([
    ['/o/run-7-000012', undefined],
    ['/orders?reference=run-7-000012', 'k'],
  ]);
});

test.each<{ name: string; answers: RequestListener[]; is: object }>([
  { name: 'two equal readings', answers: [found, found], is: { present: [3] } },
  { name: 'a failure between', answers: [found, status(500), found, found], is: { present: [3] } },
  {
    name: 'a reading that still grows',
    answers: [(_, response) => response.end(''), found, found],
    is: { present: [3] },
  },
  {
    name: 'nothing there, twice',
    answers: [(_, response) => response.end('[]'), (_, response) => response.end('[]')],
    is: { present: [] },
  },
])('reading back: $name', async ({ answers, is }) => {
  const asked: string[] = [];
  const { port } = await testServer((request, response) => {
    asked.push(request.url!);
    answers[asked.length - 1]!(request, response);
  });
  expect(await readBack(spec(port), 3_000)).toEqual(is);
  expect(asked).toEqual(answers.map(() => '/orders?reference=run-7-'));
});

test.each<{ name: string; answer: RequestListener; why: RegExp }>([
  { name: 'an error', answer: status(503), why: /last: HTTP 503/ },
  { name: 'silence', answer: silent, why: /last: deadline/ },
])('reading back: $name is never "all lost"', async ({ answer, why }) => {
  const { port } = await testServer(answer);
  expect(await readBack(spec(port), 500)).toEqual({ why: expect.stringMatching(why) });
});

test('reading back ends when it is told to', async () => {
  const { port } = await testServer(silent);
  const reason = new Error('interrupted');
  const stop = new AbortController();
  const reading = readBack(spec(port), 10_000, stop.signal);
  stop.abort(reason);
  await expect(reading).rejects.toBe(reason);
});
