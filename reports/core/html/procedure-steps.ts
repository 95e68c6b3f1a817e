import { durationText } from '../duration-text.ts';
import { zeroAtMs } from '../exercise.ts';
import type { DrillRecord } from '../run-document.ts';
import { fromZeroWords, offsetText, STEP_WORDS } from '../wording.ts';
import { both, html, type Markup, NOTHING, table } from './markup.ts';

const STYLES = { done: 'met', failed: 'missed', skipped: 'not-run' } as const;

/** The steps of a procedure, in their order: when each began, how long it took and what it came to. */
export function procedureSteps({ evidence }: DrillRecord): Markup {
  const { steps = [] } = evidence;
  if (steps.length === 0) return NOTHING;
  const zeroMs = zeroAtMs(evidence);
  const rows = steps.map(({ name, startedAtMs, endedAtMs, outcome, detail }, i) => {
    const tookMs = endedAtMs - startedAtMs;
    return [
      html`${i + 1}. ${both(name)}`,
      html`<span class="one">${offsetText(startedAtMs, zeroMs)}</span>`,
      html`<span class="one">${both({ en: durationText(tookMs), ja: durationText(tookMs, 'nearest', 'ja') })}</span>`,
      html`<span class="verdict ${STYLES[outcome]}">${both(STEP_WORDS[outcome])}</span>`,
      detail,
    ];
  });
  const headings = [
    { en: 'Step', ja: '手順' },
    fromZeroWords(evidence),
    { en: 'Took', ja: '所要' },
    { en: 'Outcome', ja: '結果' },
    { en: 'Detail', ja: '詳細' },
  ];
  return table({ en: 'Procedure, step by step', ja: '手順ごとの記録' }, headings, rows);
}

/** What lies beside the evidence, by links that work from the folder of the run. */
export function attachments({ evidence }: DrillRecord): Markup {
  const { attachments: files = [], drillId } = evidence;
  if (files.length === 0) return NOTHING;
  return html`<p>${both({ en: 'Beside the evidence', ja: '添付' })}: ${files.map(
    ({ file, title }, i) =>
      html`${i > 0 ? ' · ' : ''}<a href="drills/${drillId}/${file}">${both(title)}</a> <span class="soft">${file}</span>`,
  )}</p>
`;
}
