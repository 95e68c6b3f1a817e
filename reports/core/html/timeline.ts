import { durationText, rangeText } from '../duration-text.ts';
import { isExercise, zeroAtMs } from '../exercise.ts';
import type { SeriesByProbe } from '../probe-finding.ts';
import type { ObjectiveResult } from '../result.ts';
import type { DrillRecord } from '../run-document.ts';
import { limitText, objectiveWords } from '../wording.ts';
import { type AnswerColumn, answerColumns } from './answer-columns.ts';
import { both, bothSvg, html, type Markup, NOTHING } from './markup.ts';
import { PHASE_WORDS } from './phase-words.ts';
import { stepRow } from './step-row.ts';
import { round, type TimeScale, ticks, xOf } from './timeline-scale.ts';

const WIDTH = 1000;
const LEFT = 240;
const RIGHT = 985;
const ROW = 34;
const COLUMN = 4;
const TOP = 52;

/** The picture of a drill: phases, every probe's answers, the fault, and each measured range against its objective. */
export function timelineFigure(drill: DrillRecord, series: SeriesByProbe): Markup {
  const scale = timeScale(drill, series);
  if (scale === null) return NOTHING;
  const { evidence, result } = drill;
  // A canary has no answers to be drawn.
  const probes = evidence.probes.filter(({ kind }) => kind !== 'canary');
  const ranges = result.objectives.filter(({ name }) => name === 'RTO' || name === 'downtime');
  const { steps = [] } = evidence;
  const stepsTop = TOP + probes.length * ROW + 6;
  const rangesTop = stepsTop + (steps.length > 0 ? ROW : 0) + 4;
  const axisTop = rangesTop + ranges.length * ROW + 6;
  const id = `timeline-${evidence.drillId}`;
  return html`<figure><div class="scroll" tabindex="0" role="region" aria-label="Timeline / 時系列">
<svg class="timeline" viewBox="0 0 ${WIDTH} ${axisTop + 30}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">Timeline / 時系列: ${evidence.title.en} / ${evidence.title.ja}</title>
<desc id="${id}-d">${description(drill)}</desc>
${phaseBand(drill, scale, axisTop)}${probes.map((probe, i) => {
  const recorded = series.get(probe.name) ?? { samples: [], missed: [], ledger: [] };
  const columns = answerColumns(recorded, scale.fromMs, scale.toMs, Math.floor((RIGHT - LEFT) / COLUMN));
  return probeRow(probe.name, columns, TOP + i * ROW);
})}${steps.length > 0 ? stepRow(steps, scale, stepsTop) : NOTHING}${ranges.map((objective, i) => rangeRow(drill, objective, scale, rangesTop + i * ROW))}${markers(drill, scale, axisTop)}${axis(drill, scale, axisTop)}</svg></div>
${legend()}</figure>
`;
}

const zeroOf = ({ evidence }: DrillRecord): number => zeroAtMs(evidence);

/** From the first to the last probe due; `null` when there is nothing to draw. */
function timeScale({ evidence }: DrillRecord, series: SeriesByProbe): TimeScale | null {
  const slots = evidence.probes.flatMap((probe) => {
    const recorded = series.get(probe.name);
    return recorded ? [...recorded.samples, ...recorded.missed] : [];
  });
  const fromMs = slots.reduce((at, slot) => Math.min(at, slot.dueAtMs), Number.POSITIVE_INFINITY);
  const toMs = slots.reduce((at, slot) => Math.max(at, slot.dueAtMs), Number.NEGATIVE_INFINITY);
  return toMs > fromMs ? { fromMs, toMs, left: LEFT, right: RIGHT } : null;
}

function phaseBand({ evidence }: DrillRecord, scale: TimeScale, bottom: number): Markup {
  const shown = evidence.phases.filter(
    ({ outcome, startedAtMs, endedAtMs }) =>
      outcome !== 'skipped' && endedAtMs > scale.fromMs && startedAtMs < scale.toMs,
  );
  const bands = shown.map(({ phase, startedAtMs, endedAtMs }, i) => {
    const x = xOf(scale, startedAtMs);
    const width = round(Math.max(1, xOf(scale, endedAtMs) - x));
    const label = PHASE_WORDS[phase];
    // A phase too narrow for its name shows it when pointed at.
    const name = width > 78 ? html`<text class="small" x="${round(x + 6)}" y="22">${bothSvg(label)}</text>` : NOTHING;
    return html`<g><title>${label.en} / ${label.ja}: ${durationText(endedAtMs - startedAtMs)}</title><rect class="${i % 2 ? 's-band2' : 's-band'}" x="${x}" y="6" width="${width}" height="${bottom - 6}"/>${name}</g>
`;
  });
  return html`<text class="small" x="0" y="22">${bothSvg({ en: 'Phases', ja: '段階' })}</text>${bands}`;
}

function probeRow(name: string, columns: readonly AnswerColumn[], top: number): Markup {
  const base = top + 26;
  return html`<g><title>${name}: ${columns.reduce((sum, { bad }) => sum + bad, 0)} bad</title><text x="0" y="${base - 4}">${name}</text>
${columns.map((column) => mark(column, base))}</g>
`;
}

/** The height says the answer as well as the colour: good low, slow higher, bad full; mixed is shared out. */
function mark({ index, good, slow, bad, missed }: AnswerColumn, base: number): Markup {
  const x = LEFT + index * COLUMN;
  const bar = (kind: string, height: number, above = 0) =>
    html`<rect class="${kind}" x="${x}" y="${round(base - above - height)}" width="${COLUMN - 1}" height="${round(height)}"/>`;
  const answered = good + slow + bad;
  if (answered === 0) return missed > 0 ? bar('s-gap', 3) : NOTHING;
  const low = slow > 0 ? bar('s-slow', 14) : bar('s-good', 8);
  if (bad === 0) return low;
  const share = (bad / answered) * 24;
  return bad === answered ? bar('s-bad', 24) : html`${bar('s-good', 24 - share)}${bar('s-bad', share, 24 - share)}`;
}

function rangeRow(drill: DrillRecord, objective: ObjectiveResult, scale: TimeScale, top: number): Markup {
  const y = top + 10;
  const fromMs = objective.name === 'RTO' ? zeroOf(drill) : (firstBadMs(drill) ?? zeroOf(drill));
  const { measured, limitMs } = objective;
  const word = objectiveWords({ name: objective.name }, []);
  const bar = (kind: string, startMs: number, endMs: number) => {
    const x = xOf(scale, startMs);
    return html`<rect class="${kind}" x="${x}" y="${y}" width="${round(Math.max(1, xOf(scale, endMs) - x))}" height="10" rx="1"/>`;
  };
  const sure = measured ? bar('s-sure', fromMs, fromMs + measured.msMin) : NOTHING;
  const maybe = measured
    ? bar('s-maybe', fromMs + measured.msMin, measured.msMax === null ? scale.toMs : fromMs + measured.msMax)
    : NOTHING;
  const limitX = xOf(scale, fromMs + limitMs);
  const inside = fromMs + limitMs <= scale.toMs;
  const limit = inside
    ? html`<line class="s-limit" x1="${limitX}" x2="${limitX}" y1="${y - 6}" y2="${y + 16}"/>`
    : html`<path class="s-event" d="M${RIGHT - 7} ${y}l7 5-7 5z"/>`;
  const label = {
    en: `${rangeText(measured)} · objective ${limitText(objective, 'en')}`,
    ja: `${rangeText(measured, 'ja')}・目標 ${limitText(objective, 'ja')}`,
  };
  return html`<g><text x="0" y="${y + 3}">${bothSvg(word)}</text><text class="small" x="0" y="${y + 17}">${bothSvg(label)}</text>${sure}${maybe}${limit}</g>
`;
}

/** Where the longest possible downtime begins: its upper bound before the answer that ended it. */
function firstBadMs({ readings }: DrillRecord): number | null {
  const starts = readings.flatMap(({ recoveredAtMs, downtime }) =>
    recoveredAtMs === null || downtime === null || downtime.msMax === null ? [] : [recoveredAtMs - downtime.msMax],
  );
  return starts.length === 0 ? null : Math.min(...starts);
}

function markers(drill: DrillRecord, scale: TimeScale, bottom: number): Markup {
  const { injectedAtMs } = drill.evidence.fault;
  const line = (kind: string, atMs: number, text: { en: string; ja: string }, y: number) => {
    const x = xOf(scale, atMs);
    const late = x > WIDTH - 180;
    return html`<line class="${kind}" x1="${x}" x2="${x}" y1="28" y2="${bottom}"/><text x="${round(late ? x - 6 : x + 6)}" y="${y}"${late ? html` text-anchor="end"` : NOTHING}>${bothSvg(text)}</text>
`;
  };
  // The control breaks nothing, so there is nothing to recover from.
  if (drill.evidence.expectsNoOutage)
    return injectedAtMs === undefined ? NOTHING : line('s-fault', injectedAtMs, { en: 'No fault', ja: '障害なし' }, 42);
  const fault = injectedAtMs === undefined ? NOTHING : line('s-fault', injectedAtMs, { en: 'Fault', ja: '障害' }, 42);
  const back = drill.evidence.recoveries.filter(({ recovered }) => recovered).at(-1);
  // One label below the other where they would lie on each other.
  const near = back !== undefined && xOf(scale, back.endedAtMs) - xOf(scale, zeroOf(drill)) < 60;
  const done = isExercise(drill.evidence) ? { en: 'Restored', ja: '復元' } : { en: 'Recovered', ja: '復旧' };
  const recovered = back ? line('s-back', back.endedAtMs, done, near ? 54 : 42) : NOTHING;
  return html`${fault}${recovered}`;
}

function axis(drill: DrillRecord, scale: TimeScale, top: number): Markup {
  const zeroMs = zeroOf(drill);
  const marks = ticks(scale, zeroMs).map((ms) => {
    const x = xOf(scale, zeroMs + ms);
    const label = `${ms > 0 ? '+' : ms < 0 ? '−' : ''}${round(Math.abs(ms) / 1_000)} s`;
    return html`<line class="s-axis" x1="${x}" x2="${x}" y1="${top}" y2="${top + 5}"/><text class="small" x="${x}" y="${top + 19}" text-anchor="middle">${label}</text>
`;
  });
  return html`<line class="s-axis" x1="${LEFT}" x2="${RIGHT}" y1="${top}" y2="${top}"/>${marks}`;
}

function description({ evidence, result, readings }: DrillRecord): string {
  const probes = readings.map(({ probe, sent, bad, slow }) => `${probe}: ${sent} answers, ${bad} bad, ${slow} slow`);
  const objectives = result.objectives.map(({ name, measured }) => `${name}: ${rangeText(measured)}`);
  return [`Fault: ${evidence.fault.name}`, ...probes, ...objectives].join('. ');
}

function legend(): Markup {
  const items = [
    { key: 'k-good', en: 'right answer', ja: '正常応答' },
    { key: 'k-slow', en: 'right but slow', ja: '遅い応答' },
    { key: 'k-bad', en: 'bad or none', ja: '失敗・無応答' },
    { key: 'k-gap', en: 'probe not sent', ja: '未送信' },
    { key: 'k-sure', en: 'lower bound', ja: '下限' },
    { key: 'k-maybe', en: 'up to the upper bound', ja: '上限まで' },
    { key: 'k-limit', en: 'objective (▸ beyond the picture)', ja: '目標（▸ は図の範囲外）' },
  ];
  return html`<figcaption class="legend">${items.map((item) => html`<span><i class="${item.key}"></i>${both(item)}</span>`)}</figcaption>`;
}
