import { markdownEscape } from './escape.ts';
import type { Bilingual } from './wording.ts';

/** A table whose headings are trusted text and whose cells are values, escaped here. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [
    `| ${headings.join(' | ')} |`,
    `| ${headings.map(() => '---').join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.map((cell) => markdownEscape(cell) || ' ').join(' | ')} |`),
  ];
}

/** Both languages on one line, once when they are the same. */
export function both(text: Bilingual): string {
  return markdownEscape(text.en === text.ja ? text.en : `${text.en} / ${text.ja}`);
}
