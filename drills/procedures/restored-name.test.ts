import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drillName } from './restored-name.ts';

const RDS_IDENTIFIER = /^(?!.*--)[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

test.each(['facility-prod-db', 'a'.repeat(60), `${'b'.repeat(49)}-`, 'a--b', '1abc', 'rds:x-2025', '施設', 'A_B'])(
  'a name from %s is one that RDS takes',
  (source) => {
    expect(drillName(source, 'pitr', '20251025-123000-ab12')).toMatch(RDS_IDENTIFIER);
  },
);

test('names differ by run, and by sources that differ only at their end', () => {
  const long = 'x'.repeat(50);
  const names = [
    drillName(`${long}-a`, 'pitr', 'run-1'),
    drillName(`${long}-b`, 'pitr', 'run-1'),
    drillName(`${long}-a`, 'pitr', 'run-2'),
    drillName(`${long}-a`, 'drill', 'run-1'),
  ];
  expect(new Set(names).size).toBe(names.length);
});

// Method: invent sources; whatever they hold, RDS must take the name.
test('any source gives a name that RDS takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ maxLength: 12 }), (source, runId) => {
      expect(drillName(source, 'drill', runId)).toMatch(RDS_IDENTIFIER);
    }),
  );
});
