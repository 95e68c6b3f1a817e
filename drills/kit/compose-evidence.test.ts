import { expect, test } from 'vitest';
import { CallLog } from '../../fixtures/core/api-call.ts';
import { machineClock } from '../../probes/clock.ts';
import { Book } from '../procedures/book.ts';
import { evidenceOf } from './compose-evidence.ts';
import { DrillNotes } from './record.ts';

test.each([
  ['aws', 'rds.ap-northeast-1.amazonaws.com', 'evidence', undefined],
  ['aws', 'http://127.0.0.1', 'rehearsal', /^calls of stage aws went to http:\/\/127/],
  ['localstack', 'http://127.0.0.1', 'rehearsal', undefined],
])('what stage %s at %s has answered is %s', (kind, host, provenance, undecided) => {
  const calls = new CallLog();
  calls.hosts.add(host);
  const stage = { kind, calls, provenance: kind === 'aws' ? 'evidence' : 'rehearsal' };
  const system = { services: [], guardRails: {} };
  const step = <T>(_: string, work: () => Promise<T>) => work();
  const record = new DrillNotes(machineClock, () => {}, step, 'a fault');
  const now = { atMs: 0, wall: new Date() };
  const parts = { spec: { fault: {} }, context: { stage, system }, record, book: new Book(), planned: [] };
  const evidence = evidenceOf({ ...parts, begun: now, ended: now } as unknown as Parameters<typeof evidenceOf>[0]);
  expect(evidence.stage).toEqual({ kind, provenance });
  // Whatever it looks like, it shows nothing of AWS.
  if (undecided === undefined) expect(evidence.undecided).toBeUndefined();
  else expect(evidence.undecided).toMatch(undecided);
});
