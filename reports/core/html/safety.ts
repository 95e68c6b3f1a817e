import type { DrillRecord } from '../run-document.ts';
import { accountLines, guardRailLines } from '../safety-lines.ts';
import type { Bilingual } from '../wording.ts';
import { both, html, type Markup, NOTHING } from './markup.ts';

/** The rules that were looked at before anything was touched. */
export const guardRails = ({ evidence }: DrillRecord): Markup =>
  lineList({ en: 'Guard rails', ja: '安全規則' }, guardRailLines(evidence));

/** What was done in the account. */
export const account = ({ evidence }: DrillRecord): Markup =>
  lineList({ en: 'In the account', ja: 'アカウントでの操作' }, accountLines(evidence));

function lineList(title: Bilingual, lines: readonly Bilingual[]): Markup {
  if (lines.length === 0) return NOTHING;
  return html`<details><summary>${both(title)} (${lines.length})</summary><ul>${lines.map((line) => html`<li>${both(line)}</li>`)}</ul></details>
`;
}
