import { durationText } from '../duration-text.ts';
import type { StepEvidence } from '../evidence.ts';
import { STEP_WORDS } from '../wording.ts';
import { bothSvg, html, type Markup, NOTHING } from './markup.ts';
import { round, type TimeScale, xOf } from './timeline-scale.ts';

/** Narrower than this, in the picture's units, a bar has no room for its number. */
const NUMBER_MIN = 16;

/** The steps of a procedure as bars with the numbers that they have in the table of steps. */
export function stepRow(steps: readonly StepEvidence[], scale: TimeScale, top: number): Markup {
  const bars = steps.map(({ name, startedAtMs, endedAtMs, outcome }, i) => {
    if (outcome === 'skipped' || endedAtMs < scale.fromMs || startedAtMs > scale.toMs) return NOTHING;
    const x = xOf(scale, startedAtMs);
    const width = round(Math.max(2, xOf(scale, endedAtMs) - x - 1));
    const took = durationText(endedAtMs - startedAtMs);
    const number =
      width < NUMBER_MIN
        ? NOTHING
        : html`<text class="small s-on" x="${round(x + width / 2)}" y="${top + 17}" text-anchor="middle">${i + 1}</text>`;
    return html`<g><title>${i + 1}. ${name.en} / ${name.ja}: ${took}, ${STEP_WORDS[outcome].en} / ${STEP_WORDS[outcome].ja}</title><rect class="${outcome === 'failed' ? 's-bad' : 's-step'}" x="${x}" y="${top + 6}" width="${width}" height="15" rx="2"/>${number}</g>
`;
  });
  return html`<text x="0" y="${top + 18}">${bothSvg({ en: 'Steps, as numbered below', ja: '手順（番号は下の表）' })}</text>${bars}`;
}
