import type { Verdict } from '../result.ts';
import { VERDICT_WORDS } from '../wording.ts';
import { both, html, type Markup } from './markup.ts';

/** A verdict in a word, with a mark for those who do not see the colour. */
export function verdictBadge(verdict: Verdict): Markup {
  const word = VERDICT_WORDS[verdict];
  return html`<span class="verdict ${verdict}"><span aria-hidden="true">${word.mark}</span> ${both(word)}</span>`;
}
