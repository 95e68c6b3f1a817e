import { xmlEscape } from '../escape.ts';
import type { Bilingual } from '../wording.ts';

/** Text that is markup already. Only `html` makes it, so that whatever is no Markup gets escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = string | number | Markup | readonly Markup[];

/** A template whose values are escaped, save those that came out of `html` themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + textOf(values[i - 1] ?? '') + string));
}

function textOf(value: Part): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return xmlEscape(String(value));
  return value.map((part) => part.text).join('');
}

/** Nothing. */
export const NOTHING = html``;

/** One text in both languages; the reader's choice hides one of them. */
export function both({ en, ja }: Bilingual): Markup {
  return en === ja ? html`${en}` : html`<span class="t" lang="en">${en}</span><span class="t" lang="ja">${ja}</span>`;
}

/** The same inside an SVG text. */
export function bothSvg({ en, ja }: Bilingual): Markup {
  return en === ja
    ? html`${en}`
    : html`<tspan class="t" lang="en">${en}</tspan><tspan class="t" lang="ja">${ja}</tspan>`;
}

/** A table with headings over its columns; the first cell of a row is the row's heading. Scrolls by itself when narrow. */
export function table(caption: Bilingual, headings: readonly Bilingual[], rows: readonly (readonly Part[])[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption.en} / ${caption.ja}"><table>
<caption>${both(caption)}</caption>
<thead><tr>${headings.map((heading) => html`<th scope="col">${both(heading)}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (
    cells,
  ) => html`<tr>${cells.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>
`,
)}</tbody>
</table></div>`;
}
