import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Field, Intent } from '../../../fixtures/core/fault.ts';
import { Journal, openIntents, readJournal } from '../journal.ts';
import { replayJournal } from '../replay-journal.ts';
import { journalRows, REMOVE_ROWS } from './clean-canaries.ts';

const reference = (n: number, drill = 'drill'): string => `kunren-run-${drill}-api-${String(n).padStart(6, '0')}`;

/** A service that keeps rows, lists those that begin with a reference, and removes one by its whole reference. */
const rows = new Set<string>();
let removes: 'each' | 'none' | 'never answers';
let asked: number;
let atATime: { now: number; most: number };
const service = createServer(async ({ method = '', url = '' }, response) => {
  const name = decodeURIComponent(url.split('/').at(-1) ?? '');
  if (method === 'GET') return response.end([...rows].filter((row) => row.startsWith(name)).join('\n'));
  asked++;
  atATime.most = Math.max(atATime.most, ++atATime.now);
  await new Promise((resolve) => setImmediate(resolve));
  atATime.now--;
  if (removes === 'never answers') return response;
  if (removes === 'each') rows.delete(name);
  return response.writeHead(removes === 'each' ? 204 : 403).end();
});

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kunren-canaries-'));
  rows.clear();
  [asked, atATime] = [0, { now: 0, most: 0 }];
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});

const canary = { marker: 'kunren-', cleanUp: { method: 'DELETE', path: '/rows/{reference}' } };

function fieldOf(guardRails: object = { canary }): Field {
  const writes = {
    request: { method: 'POST', path: '/rows', body: '{reference}' },
    ...{ readBack: { path: '/rows/{reference}' }, refusedStatuses: [] },
  };
  const services = [{ name: 'api', host: 'api.example', health: { path: '/' }, writes, functions: [] }];
  // Its own deadline would come long after the drill's.
  const probing = { deadline: { minutes: 1 } };
  const address = { address: '127.0.0.1', port: (service.address() as AddressInfo).port };
  const journal = new Journal(join(folder, 'journal.jsonl'));
  return {
    ...{ runId: 'run', drillId: 'drill', directory: join(folder, 'drill'), signal: AbortSignal.timeout(1_000) },
    system: { name: 's', services, probing, guardRails, regions: { primary: 'xx-north-1' } },
    stage: { kind: 'localstack', connectTo: () => address, abilities: {} },
    change: (intent: Intent, make: () => Promise<unknown>) => journal.change('drill', intent, make),
  } as unknown as Field;
}

/** A run that was killed after so many writes, of which the last was never answered. */
async function killed(writes: number): Promise<Field> {
  const field = fieldOf();
  await journalRows(field);
  mkdirSync(field.directory);
  const lines = Array.from({ length: writes }, (_, n) => [
    { n, reference: reference(n), state: 'intended', atMs: n },
    ...(n < writes - 1 ? [{ n, state: 'acknowledged', atMs: n }] : []),
  ]);
  const text = lines.flat().map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(join(field.directory, 'api-writes.ledger.jsonl'), text.join(''));
  for (let n = 0; n < writes; n++) rows.add(reference(n));
  return field;
}

const journal = (): string => join(folder, 'journal.jsonl');
const open = (): string[] => openIntents(readJournal(journal())).flatMap(({ intent }) => intent.undo?.call ?? []);

test.each([
  ['each row is removed, also one whose write was never answered, and no other', 30, 'each', undefined],
  ['rows that stay are left', 30, 'none', /^rows:remove: 30 rows are .* begin with kunren-run-drill-api .*HTTP 403/],
  ['a service that does not answer is not waited for', 3, 'never answers', /^rows:remove: .*(timeout|abort)/i],
  ['a run that was killed before it wrote has left nothing', 0, 'none', undefined],
] as const)('of a killed run %s', async (_, writes, how, problem) => {
  removes = how;
  const others = [reference(0, 'another-drill'), 'a-customer-000001'];
  for (const row of others) rows.add(row);
  const field = await killed(writes);
  const failures = await replayJournal(journal(), field);
  expect(failures).toEqual(problem === undefined ? [] : [expect.stringMatching(problem)]);
  // As long as any is left the journal says so, and whoever sweeps tries again.
  expect(open()).toEqual(problem === undefined ? [] : [REMOVE_ROWS]);
  for (const row of others) expect(rows.has(row)).toBe(true);
  expect(rows.size).toBe(others.length + (problem === undefined ? 0 : writes));
  expect(atATime.most).toBeLessThanOrEqual(4);
  // A service that refuses is not asked for every row.
  if (how === 'none') expect(asked).toBeLessThan(15);
});

test('rows whose clean-up nobody describes any more are left', async () => {
  const field = await killed(1);
  const system = { ...field.system, guardRails: {} } as Field['system'];
  expect(await replayJournal(journal(), { ...field, system })).toEqual([
    expect.stringMatching(/^rows:remove: guardRails\.canary of the config does not say any more/),
  ]);
});

test('rows of a run that lies elsewhere by now are removed, and of one whose evidence is gone they are left', async () => {
  removes = 'each';
  const field = await killed(3);
  mkdirSync(join(folder, 'moved/drills'), { recursive: true });
  renameSync(field.directory, join(folder, 'moved/drills/drill'));
  expect(await replayJournal(journal(), field)).toEqual([expect.stringMatching(/no ledger tells .*drill is gone/)]);
  expect(open()).toEqual([REMOVE_ROWS]);
  renameSync(journal(), join(folder, 'moved/journal.jsonl'));
  expect(await replayJournal(join(folder, 'moved/journal.jsonl'), field)).toEqual([]);
  expect(rows.size).toBe(0);
});

test('rows of a service that the config names otherwise by now are left, and are not looked for by another name', async () => {
  removes = 'each';
  const field = await killed(3);
  const services = field.system.services.map((service) => ({ ...service, name: 'web' }));
  const data = { service: 'web', canary: { method: 'POST', path: '/rows', body: '{reference}' } };
  const system = { ...field.system, services, data } as unknown as Field['system'];
  const failures = await replayJournal(journal(), { ...field, system });
  expect(failures).toEqual([
    expect.stringMatching(/describes nothing any more that writes kunren-run-drill-api-000000/),
  ]);
  expect(open()).toEqual([REMOVE_ROWS]);
});

test('where their owner says no way to remove rows, none is promised', async () => {
  await journalRows(fieldOf({}));
  expect(readJournal(journal())).toEqual([]);
});
