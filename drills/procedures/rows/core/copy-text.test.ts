import { expect, test } from 'vitest';
import { arrayText, fieldsOf, unescapedBytes } from './copy-text.ts';

test.each([
  ['1\t注文\tx', ['1', '注文', 'x']],
  ['', ['']],
  ['\t', ['', '']],
])('the columns of %o are %o', (line, fields) => {
  expect(fieldsOf(Buffer.from(line)).map(String)).toEqual(fields);
});

test.each([
  ['plain', 'plain'],
  ['a\\tb\\nc', 'a\tb\nc'],
  ['\\\\t', '\\t'],
  ['\\\\\\n', '\\\n'],
  ['注\\b文\\v\\f\\r', '注\b文\v\f\r'],
])('%o means %o', (field, value) => {
  expect(unescapedBytes(Buffer.from(field)).toString()).toBe(value);
});

test('an array of texts keeps quotes, commas and backslashes', () => {
  expect(arrayText(['a', 'b"c', 'd,e', 'f\\g', '', 'NULL'])).toBe('{"a","b\\"c","d,e","f\\\\g","","NULL"}');
});
