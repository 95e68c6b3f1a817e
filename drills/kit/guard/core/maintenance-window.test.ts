import { expect, test } from 'vitest';
import { openWindow, wallText, windowText } from './maintenance-window.ts';

const SUNDAY = { day: 'sunday', from: '02:00', to: '04:00' };
const NIGHT = { day: 'saturday', from: '23:00', to: '01:30' };
const DAY_LONG = { day: 'monday', from: '00:00', to: '24:00' };
const TOKYO = 'Asia/Tokyo';
const NEW_YORK = 'America/New_York';

test.each([
  // 2026-04-05 is a Sunday; Tokyo is nine hours ahead of UTC, so its Sunday begins on Saturday.
  ['at its beginning', SUNDAY, TOKYO, '2026-04-04T17:00:00Z', true],
  ['just before it', SUNDAY, TOKYO, '2026-04-04T16:59:59Z', false],
  ['in its last minute', SUNDAY, TOKYO, '2026-04-04T18:59:59Z', true],
  ['at its end', SUNDAY, TOKYO, '2026-04-04T19:00:00Z', false],
  ['at that time of UTC', SUNDAY, TOKYO, '2026-04-05T02:30:00Z', false],
  ['before midnight', NIGHT, TOKYO, '2026-04-04T14:30:00Z', true],
  ['after midnight', NIGHT, TOKYO, '2026-04-04T16:29:00Z', true],
  ['when it is over', NIGHT, TOKYO, '2026-04-04T16:30:00Z', false],
  ['after midnight of its own day', NIGHT, TOKYO, '2026-04-03T15:30:00Z', false],
  ['a whole day long', DAY_LONG, TOKYO, '2026-04-06T14:59:00Z', true],
  ['a whole day long, the day after', DAY_LONG, TOKYO, '2026-04-06T15:00:00Z', false],
  // On 2026-03-08 New York's clocks go from 02:00 to 03:00: half the window is left out.
  ['before the lost hour', SUNDAY, NEW_YORK, '2026-03-08T06:59:00Z', false],
  ['after the lost hour', SUNDAY, NEW_YORK, '2026-03-08T07:00:00Z', true],
  ['its end in summer time', SUNDAY, NEW_YORK, '2026-03-08T08:00:00Z', false],
  // On 2026-11-01 they go back from 02:00 to 01:00.
  ['the repeated hour before it', SUNDAY, NEW_YORK, '2026-11-01T06:30:00Z', false],
  ['after the repeated hour', SUNDAY, NEW_YORK, '2026-11-01T07:30:00Z', true],
])('a window %s', (_name, window, timeZone, at, isOpen) => {
  expect(openWindow([window], timeZone, new Date(at)) !== undefined).toBe(isOpen);
});

test('of several windows the open one is told', () => {
  const at = new Date('2026-04-04T14:30:00Z');
  expect(windowText(openWindow([SUNDAY, NIGHT], TOKYO, at)!)).toBe('saturday 23:00–01:30');
  expect(wallText(TOKYO, at)).toBe('saturday 23:30 in Asia/Tokyo');
});
