import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { CallLog } from '../../../fixtures/core/api-call.ts';
import type { Field } from '../../../fixtures/core/fault.ts';
import { patienceOf } from '../../../fixtures/core/patience.ts';
import type { Stage } from '../../../fixtures/core/stage.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { twinClientSettings } from '../../../fixtures/stages/twin.ts';
import { createSsm } from '../../../fixtures/twin/ssm/service.ts';
import { ApiFault } from '../../../fixtures/twin/wire/action.ts';
import { type Endpoint, openEndpoint } from '../../../fixtures/twin/wire/http-endpoint.ts';
import { machineClock } from '../../../probes/clock.ts';
import { Journal, openIntents, readJournal } from '../journal.ts';
import type { DrillContext } from '../running.ts';
import { undoBegun } from '../undo.ts';
import { checkLockHeld, lockRule } from './account-lock.ts';
import { readLockHolder } from './core/lock-holder.ts';
import type { Guarded } from './guarded.ts';

const NAME = '/kunren/lock/orders';
const identity = { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/a' };
const minutesFromNow = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

let endpoint: Endpoint;
/** Looks at, and may hold up, each call before it is carried out. */
let before: (operation: string, name: string) => Promise<void> | void;
/** Told of each call that was carried out. */
let after: typeof before;

beforeEach(async () => {
  before = after = () => {};
  const ssm = createSsm();
  const actions = ssm.actions.map((action) => ({
    ...action,
    async run(...args: Parameters<typeof action.run>) {
      const { Name } = args[0] as { Name: string };
      await before(action.operation, Name);
      const output = await action.run(...args);
      await after(action.operation, Name);
      return output;
    },
  }));
  const services = [{ ...ssm, actions }];
  endpoint = await openEndpoint({ services, accountId: '123456789012', port: 0, onBug: () => {} });
});
afterEach(() => endpoint.close());

function fieldOf(runId: string, kind: Stage['kind'] = 'twin'): Field {
  const clientSettings = (region: string) => twinClientSettings(endpoint.url, region);
  return {
    ...{ runId, drillId: 'a-drill', directory: '/none/run/drills/a-drill', clock: machineClock },
    patience: { ...patienceOf('twin'), noticeMs: 300, pollMs: 20 },
    system: { name: 'orders', regions: { primary: 'xx-north-1' } },
    stage: { kind, calls: new CallLog(), clientSettings },
    signal: AbortSignal.timeout(20_000),
    change: (_: unknown, make: () => Promise<unknown>) => make(),
  } as unknown as Field;
}

const take = (field: Field) => lockRule({ field, spec: { limitMs: 60_000 } } as unknown as Guarded, identity);

const ssm = (): SSMClient => clientsOf(fieldOf('a-look').stage, 'xx-north-1').ssm;
const lie = async (holder: object, Name = NAME): Promise<void> => {
  const who = { drillId: 'a-drill', who: 'arn', host: 'elsewhere', pid: 1, expiresAt: minutesFromNow(10) };
  const Value = JSON.stringify({ ...who, ...holder });
  await ssm().send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
};
const TAKEOVER = `${NAME}/takeover`;
const holder = async (Name = NAME) =>
  readLockHolder((await ssm().send(new GetParameterCommand({ Name }))).Parameter?.Value);
const remove = (Name: string) => ssm().send(new DeleteParameterCommand({ Name }));

test('of two runs that take an expired lock over at a time one has it, and keeps it', async () => {
  await lie({ runId: 'dead', expiresAt: minutesFromNow(-1) });
  // The slower one would remove what the quicker one has put by then.
  const isPut = Promise.withResolvers<void>();
  let removals = 0;
  before = async (operation, name) => {
    if (operation === 'DeleteParameter' && name === NAME && removals++ > 0) await isPut.promise;
  };
  after = (operation, name) => {
    if (operation === 'PutParameter' && name === NAME) isPut.resolve();
  };
  const outcomes = await Promise.allSettled(['one', 'two'].map((run) => take(fieldOf(run))));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await holder())?.runId).toBe(outcomes[0]?.status === 'fulfilled' ? 'one' : 'two');
  await expect(holder(TAKEOVER)).rejects.toThrow();
});

test('one who died elsewhere while he took the lock over is in the way until his time is up', async () => {
  await lie({ runId: 'dead', expiresAt: minutesFromNow(-1) });
  await lie({ runId: 'dead too' }, TAKEOVER);
  await expect(take(fieldOf('ours'))).rejects.toThrow(/takeover: run dead too /);
  expect((await holder())?.runId).toBe('dead');
  await lie({ runId: 'dead too', expiresAt: minutesFromNow(-1) }, TAKEOVER);
  expect((await take(fieldOf('ours'))).seen).toMatch(/taken over from run dead: it expired/);
  expect((await holder())?.runId).toBe('ours');
  await expect(holder(TAKEOVER)).rejects.toThrow();
});

test('a lock that is given back while it is taken over is put, and what another holds by then is left', async () => {
  await lie({ runId: 'dead', expiresAt: minutesFromNow(-1) });
  after = async (operation, name) => {
    if (operation !== 'PutParameter' || name !== TAKEOVER) return;
    after = () => {};
    await remove(NAME);
    await lie({ runId: 'another' }, TAKEOVER);
  };
  expect((await take(fieldOf('ours'))).seen).toMatch(/given back meanwhile$/);
  expect((await holder())?.runId).toBe('ours');
  expect((await holder(TAKEOVER))?.runId).toBe('another');
});

test.each([
  ['that another drill was quicker to take', /another drill is in progress/, () => lie({ runId: 'theirs' }), 'theirs'],
  [
    'that it may not put',
    /may not put/,
    () => {
      throw new ApiFault('AccessDeniedException', 'You may not put it.');
    },
    undefined,
  ],
])('a drill leaves nothing to be undone of a lock %s', async (_, why, meanwhile, left) => {
  const folder = mkdtempSync(join(tmpdir(), 'kunren-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const journal = new Journal(join(folder, 'journal.jsonl'));
  const change: Field['change'] = (intent, make) => journal.change('a-drill', intent, make);
  const field = { ...fieldOf('ours'), change };
  before = async (operation) => {
    if (operation !== 'PutParameter') return;
    before = () => {};
    await meanwhile();
  };
  await expect(take(field)).rejects.toThrow(why);
  expect(openIntents(readJournal(journal.path))).toHaveLength(1);
  const failures: string[] = [];
  await undoBegun({ journal, drillId: 'a-drill' } as DrillContext, field, { fail: (text) => void failures.push(text) });
  expect(failures).toEqual([]);
  expect(openIntents(readJournal(journal.path))).toEqual([]);
  expect((await holder().catch(() => undefined))?.runId).toBe(left);
});

test.each([
  ['has not expired by the clock of the stage', -90_000, /another drill is in progress/],
  ['has expired by either clock', 0, undefined],
])('a lock that %s', async (_, skewMs, why) => {
  await lie({ runId: 'theirs', expiresAt: minutesFromNow(-1) });
  const field = fieldOf('ours');
  Object.defineProperty(field.stage.calls, 'skewMs', { get: () => ({ min: skewMs, max: skewMs }), set: () => {} });
  if (why === undefined) expect((await take(field)).seen).toMatch(/taken over from run theirs: it expired/);
  else await expect(take(field)).rejects.toThrow(why);
});

test('the lock is not put where something else than AWS answers', async () => {
  await expect(take(fieldOf('ours', 'aws'))).rejects.toThrow(/calls of stage aws went to http:/);
  expect(await holder().catch(({ name }) => name)).toBe('ParameterNotFound');
});

const ours = { runId: 'ours' };
test.each<[string, object | undefined, number, RegExp | undefined]>([
  ['is still its own', ours, 0, undefined],
  ['is gone', undefined, 0, /it is gone/],
  ['is another run’s', { runId: 'theirs' }, 0, /it holds .*theirs/],
  ['is another drill’s of its run', { ...ours, drillId: 'another' }, 0, /it holds .*another/],
  ['ends before it could be undone', { ...ours, expiresAt: minutesFromNow(0.1) }, 0, /it ends at /],
  ['has ended by the clock of the stage', ours, 600_000, /it ends at /],
])('before its fault a drill looks whether its lock %s', async (_, lies, skewMs, why) => {
  if (lies !== undefined) await lie(lies);
  const field = fieldOf('ours');
  Object.defineProperty(field.stage.calls, 'skewMs', { get: () => ({ min: skewMs, max: skewMs }), set: () => {} });
  if (why === undefined) await checkLockHeld(field);
  else await expect(checkLockHeld(field)).rejects.toThrow(why);
});
