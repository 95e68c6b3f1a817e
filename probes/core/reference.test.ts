import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numbersIn, referenceOf, withReference } from './reference.ts';

test('a reference is the marker and six digits, and stands wherever it is asked for', () => {
  expect(referenceOf('run-1', 42)).toBe('run-1-000042');
  expect(withReference('/orders/{reference}?again={reference}', 'r-000001')).toBe('/orders/r-000001?again=r-000001');
});

test.each([
  { text: '["m-000002","m-000001","m-000002"]', numbers: [1, 2] },
  { text: 'm-00001 m-0000012 n-000003 m.1-000004', numbers: [] },
  { text: '', numbers: [] },
])('numbers in $text', ({ text, numbers }) => {
  expect(numbersIn(text, 'm')).toEqual(numbers);
});

test('a marker is matched as it is written', () => {
  expect(numbersIn('a.b-000001 axb-000002', 'a.b')).toEqual([1]);
});

test('every reference that was written is found again', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/), fc.uniqueArray(fc.nat(999_999)), (marker, numbers) => {
      const text = JSON.stringify(numbers.map((n) => ({ note: referenceOf(marker, n) })));
      expect(numbersIn(text, marker)).toEqual([...numbers].sort((a, b) => a - b));
    }),
  );
});
