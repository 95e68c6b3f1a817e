import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Running } from '../running.ts';
import { cleanCanaries } from './clean-canaries.ts';

const MARKER = 'kunren-run-drill-api';
const reference = (n: number): string => `${MARKER}-00000${n}`;

/** A service that keeps rows, lists those that begin with a reference, and removes one by its whole reference. */
const rows = new Set<string>();
let removes: boolean;
const service = createServer(({ method = '', url = '' }, response) => {
  const name = decodeURIComponent(url.split('/').at(-1) ?? '');
  if (method === 'GET') return response.end([...rows].filter((row) => row.startsWith(name)).join('\n'));
  if (removes) rows.delete(name);
  return response.writeHead(removes ? 204 : 403).end();
});

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kunren-canaries-'));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});

/** A drill that has written rows 0 to 2, of which the last was never answered. */
function running(failures: string[]): Running {
  const address = { address: '127.0.0.1', port: (service.address() as AddressInfo).port };
  const lines = [0, 1, 2].flatMap((n) => [
    { n, reference: reference(n), state: 'intended', atMs: n },
    ...(n < 2 ? [{ n, state: 'acknowledged', atMs: n }] : []),
  ]);
  writeFileSync(join(folder, 'writes.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const spec = {
    ...{ kind: 'write', name: 'api-writes', marker: MARKER, deadlineMs: 1_000, connectTo: address },
    ...{
      request: { method: 'POST', url: 'http://api.example/rows' },
      readBackUrl: 'http://api.example/rows/{reference}',
    },
  };
  return {
    field: { system: { guardRails: { canary: { cleanUp: { method: 'DELETE', path: '/rows/{reference}' } } } } },
    record: { note: () => {}, fail: (why: string) => failures.push(why) },
    prober: { stop: async () => {} },
    planned: [{ spec, evidence: { ledger: 'writes.jsonl' } }],
    book: {},
    context: { directory: folder },
  } as unknown as Running;
}

test.each([
  ['each row of the drill is removed, also one whose write was never answered, and no other', true, []],
  ['rows that stay are left behind', false, [/^left behind: 3 rows are .*kunren-run-drill-api.* HTTP 403/]],
])('%s', async (_name, works, says) => {
  removes = works;
  for (const row of [reference(0), reference(1), reference(2), 'a-customer-000001']) rows.add(row);
  const failures: string[] = [];
  await cleanCanaries(running(failures));
  expect(failures).toHaveLength(says.length);
  for (const [i, say] of says.entries()) expect(failures[i]).toMatch(say);
  expect(rows.has('a-customer-000001')).toBe(true);
  expect(rows.size).toBe(works ? 1 : 4);
});
