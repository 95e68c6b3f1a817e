import { expect, test } from 'vitest';
import { missingApi } from '../../fixtures/core/missing-api.ts';
import { machineClock } from '../../probes/clock.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { Book } from '../procedures/book.ts';
import { carryOut, tryEach } from './carry-out.ts';
import { DrillNotes } from './record.ts';
import type { Running } from './running.ts';
import type { Step } from './spec.ts';

const end = (): AbortController => new AbortController();

function drillEndedBy({ signal }: AbortController): Running {
  const record = new DrillNotes(
    machineClock,
    () => {},
    (_name, work) => work(),
    'a fault',
  );
  return { record, book: new Book(), field: { clock: machineClock, signal } } as unknown as Running;
}

const stepOf = (id: string, run: Step['run']): Step => ({ id, name: { en: id, ja: id }, run });
const done = stepOf('done', () => Promise.resolve('with values'));
const mistaken = stepOf('mistaken', () => Promise.reject(new TypeError('x is not a function')));
const early = stepOf('early', async (_, book) => book.need('restored').id);

const told = ({ record }: Running): string[] => record.steps.map(({ id, outcome }) => `${id} ${outcome}`);

test('a drill that was ended begins no further step', async () => {
  const ended = end();
  const running = drillEndedBy(ended);
  const ending = stepOf('ending', async () => {
    ended.abort(new KunrenError('interrupted', 'It was interrupted.', 'run it again.'));
    return 'came through';
  });
  await expect(carryOut(running, [ending, done])).rejects.toThrow('It was interrupted.');
  expect(told(running)).toEqual(['ending done']);
});

test('a step that was broken off has not failed', async () => {
  const ended = end();
  const running = drillEndedBy(ended);
  const breaking = stepOf('breaking', async ({ signal }) => {
    ended.abort(new KunrenError('interrupted', 'It was interrupted.', 'run it again.'));
    signal.throwIfAborted();
    return 'never';
  });
  await expect(carryOut(running, [breaking])).rejects.toThrow('It was interrupted.');
  expect(told(running)).toEqual(['breaking skipped']);
});

test.each([mistaken, early])('a mistake of the drill itself is no finding: $id', async (step) => {
  await expect(carryOut(drillEndedBy(end()), [step, done])).rejects.toThrow();
});

test('a step whose API the stage lacks has not failed, and ends the drill', async () => {
  const running = drillEndedBy(end());
  const missing = missingApi({ name: 'InvalidAction' }, 'rds', 'DescribeDBInstanceAutomatedBackups', 'localstack');
  const lacking = stepOf('lacking', () => Promise.reject(missing));
  await expect(carryOut(running, [lacking, done])).rejects.toBe(missing);
  expect(told(running)).toEqual(['lacking skipped']);
});

test('clean-up goes on behind a mistake, tells it, and leaves out what was never made', async () => {
  const running = drillEndedBy(end());
  await expect(tryEach(running, [mistaken, early, done], running.field)).rejects.toThrow('x is not a function');
  expect(told(running)).toEqual(['mistaken failed', 'early skipped', 'done done']);
});
