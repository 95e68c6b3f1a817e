import { expect, test } from 'vitest';
import { missingApi } from '../../fixtures/core/missing-api.ts';
import { machineClock } from '../../probes/clock.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { giveUp } from './early-end.ts';
import { DrillNotes } from './record.ts';

const notes = (): DrillNotes =>
  new DrillNotes(
    machineClock,
    () => {},
    (_, work) => work(),
    'a fault',
  );
const error = (code: string): KunrenError => new KunrenError(code, 'It is so.', 'do that.');
const going = new AbortController().signal;

test.each([
  ['what was refused', error('refused'), 'It is so. Remedy: do that.'],
  ['what the stage does not offer', error('not-offered'), 'It is so. Remedy: do that.'],
  [
    'an API that is missing',
    missingApi({ name: 'InvalidAction' }, 'rds', 'X', 'localstack'),
    /^The endpoint does not offer rds:X/,
  ],
])('%s was not run, and the reason says what to do', (_name, thrown, says) => {
  const record = notes();
  giveUp(record, thrown, going);
  expect(record.notRun).toEqual(typeof says === 'string' ? says : expect.stringMatching(says));
  expect(record.harnessFailed).toBeUndefined();
});

test('the same, once something may have been broken, decides nothing', () => {
  const record = notes();
  record.fault = { ...record.fault, proof: 'not-observed' };
  giveUp(record, error('refused'), going);
  expect(record.notRun).toBeUndefined();
  expect(record.undecided).toContain('It is so.');
});

test('a stop condition is on record already, and is not called a failure', () => {
  const record = notes();
  record.stopped = { by: 'it', atMs: 0 };
  giveUp(record, new Error('a wait was broken off'), AbortSignal.abort(error('stop-condition')));
  expect([record.undecided, record.harnessFailed]).toEqual([undefined, undefined]);
});

test('what nobody expected is the harness failing', () => {
  const record = notes();
  giveUp(record, new TypeError('x is not a function'), going);
  expect(record.harnessFailed).toBe('x is not a function');
});
