/**
 * Ranges of East Asian Wide and Fullwidth characters (Unicode Standard Annex 11), which take two
 * columns of a terminal: Hangul Jamo, CJK, kana, Hangul, fullwidth forms, pictographs, CJK extensions.
 */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe4f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** Columns of a terminal that a text takes. */
export function textWidth(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{Mark}|\p{Control}|\p{Format}/u.test(character)) continue;
    const code = character.codePointAt(0) ?? 0;
    columns += WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
  }
  return columns;
}

/** Fills up with spaces on the right to `columns`. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}
