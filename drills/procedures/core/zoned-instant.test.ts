import { expect, test } from 'vitest';
import { inBothZones } from './zoned-instant.ts';

test.each([
  ['2025-10-25T03:35:00.250Z', 'Asia/Tokyo', '2025-10-25T03:35:00.250Z (2025-10-25 12:35:00 Asia/Tokyo)'],
  ['2025-10-25T15:30:00Z', 'Asia/Tokyo', '2025-10-25T15:30:00.000Z (2025-10-26 00:30:00 Asia/Tokyo)'],
  ['2025-07-01T12:00:00Z', 'Europe/Berlin', '2025-07-01T12:00:00.000Z (2025-07-01 14:00:00 Europe/Berlin)'],
])('%s in %s', (instant, zone, expected) => {
  expect(inBothZones(new Date(instant), zone)).toBe(expected);
});
