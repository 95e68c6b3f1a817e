import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationText, rangeText } from './duration-text.ts';
import { markdownEscape, xmlEscape } from './escape.ts';
import { padColumns, textWidth } from './text-width.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [4_210, '4.21 s'],
  [59_999, '1 min'],
  [125_000, '2 min 5 s'],
  [14_400_000, '4 h'],
])('%d ms reads %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

describe('a shortened bound never flatters', () => {
  test.each([
    [120_001, 'up', '2 min 0.1 s'],
    [120_099, 'down', '2 min'],
    [4_211, 'up', '4.22 s'],
    [0.2, 'up', '1 ms'],
  ] as const)('%d ms rounded %s reads %s', (ms, rounding, text) => {
    expect(durationText(ms, rounding)).toBe(text);
  });
  test('in a range', () => {
    expect(rangeText({ msMin: 4_219, msMax: 4_211.5 })).toBe('4.21 s to 4.22 s');
    expect(rangeText({ msMin: 1_500, msMax: null }, 'ja')).toBe('1.5 秒以上（終わりを確認できず）');
  });
});

test('markup is escaped, and what XML cannot hold is replaced', () => {
  expect(xmlEscape(`<a b="c">'&\u0000\ud800</a>`)).toBe('&lt;a b=&quot;c&quot;&gt;&#39;&amp;\ufffd\ufffd&lt;/a&gt;');
  expect(xmlEscape('注文\t𠮷\n')).toBe('注文\t𠮷\n');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"']/.test(xmlEscape(text))));
});

test.each([
  ['a|b', 'a\\|b'],
  ['two\nrows', 'two rows'],
  ['<b>&', '&lt;b&gt;&amp;'],
  ['[x](http://y)', '\\[x\\](http:&#47;&#47;y)'],
  ['# heading', '\\# heading'],
  ['1. item', '1\\. item'],
  ['4.21 s', '4.21 s'],
])('Markdown shows %j as it is', (value, escaped) => {
  expect(markdownEscape(value)).toBe(escaped);
});

test.each([
  ['abc', 3],
  ['訓練', 4],
  ['ｶﾅ', 2],
  ['Ａ', 2],
  ['e\u0301', 1],
  ['𠮷', 2],
])('%s takes %d columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
  expect(textWidth(padColumns(text, 10))).toBe(10);
});
