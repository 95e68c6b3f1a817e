import { durationText, type Language, rangeText } from './duration-text.ts';
import type { DrillEvidence, Exposure } from './evidence.ts';
import { breaksNothing, isExercise } from './exercise.ts';
import type { Measured, ObjectiveResult, Verdict } from './result.ts';
import type { RunDocument, ScenarioSnapshot } from './run-document.ts';

/** One text in the two languages of a report. */
export interface Bilingual {
  readonly en: string;
  readonly ja: string;
}

/** The word of a verdict; the mark is for those who do not see the colour. */
export const VERDICT_WORDS: { readonly [verdict in Verdict]: Bilingual & { readonly mark: string } } = {
  met: { en: 'met', ja: '達成', mark: '✓' },
  missed: { en: 'missed', ja: '未達', mark: '✗' },
  unknown: { en: 'unknown', ja: '判定不能', mark: '?' },
  'not-run': { en: 'not run', ja: '未実施', mark: '–' },
};

/** How a step of a procedure ended. */
export const STEP_WORDS = {
  done: { en: 'done', ja: '完了' },
  failed: { en: 'FAILED', ja: '失敗' },
  skipped: { en: 'not reached', ja: '未実施' },
} as const;

const OBJECTIVE_WORDS: { readonly [name in ObjectiveResult['name']]: Bilingual } = {
  RTO: { en: 'RTO (recovery time)', ja: 'RTO（復旧時間）' },
  RPO: { en: 'RPO (data loss)', ja: 'RPO（データ損失）' },
  downtime: { en: 'downtime', ja: '停止時間' },
  'no outage': { en: 'no outage', ja: '停止なし' },
};

/** An objective by its name, and whose it is when the drill's own scenario has none. */
export function objectiveWords(
  { name, borrowedFrom }: Pick<ObjectiveResult, 'name' | 'borrowedFrom'>,
  scenarios: readonly Pick<ScenarioSnapshot, 'id' | 'title'>[],
): Bilingual {
  const { en, ja } = OBJECTIVE_WORDS[name];
  const lender = lenderTitle(borrowedFrom, scenarios);
  if (lender === undefined) return { en, ja };
  return { en: `${en}, borrowed from "${lender.en}"`, ja: `${ja}、「${lender.ja}」の目標を準用` };
}

/** What the scenario is called that an objective is borrowed from; `undefined` when it is the drill's own. */
export function lenderTitle(
  borrowedFrom: string | undefined,
  scenarios: readonly Pick<ScenarioSnapshot, 'id' | 'title'>[],
): Bilingual | undefined {
  if (borrowedFrom === undefined) return undefined;
  return scenarios.find(({ id }) => id === borrowedFrom)?.title ?? { en: borrowedFrom, ja: borrowedFrom };
}

/** The figure of an objective: what was measured, and beside it what can be lost by the schedule. */
export function figureText(
  { name, measured, exposure }: Pick<ObjectiveResult, 'name' | 'measured' | 'exposure'>,
  { clockOffset }: Pick<DrillEvidence, 'clockOffset'>,
  language: Language,
): string {
  const declared = measured !== null && clockOffset?.restsOn.includes(name.toLowerCase());
  const mark = { en: ' (on declared history)', ja: '（宣言した履歴に基づく）' }[language];
  const figure = `${rangeText(measured, language)}${declared ? mark : ''}`;
  if (exposure === undefined) return figure;
  const seen = measured === null ? figure : { en: `measured ${figure}`, ja: `実測 ${figure}` }[language];
  return `${seen}${{ en: '; ', ja: '、' }[language]}${exposureText(exposure, language)}`;
}

/** What can be lost by the schedule of backups, whatever was lost in a run. */
export function exposureText({ ms }: Exposure, language: Language): string {
  const most = durationText(ms, 'up', language);
  return language === 'en' ? `by schedule up to ${most}` : `バックアップ間隔上は最大 ${most}`;
}

/** What the offsets of a drill count from. */
export function fromZeroWords(evidence: Pick<DrillEvidence, 'expectsNoOutage' | 'exercise'>): Bilingual {
  return isExercise(evidence) ? { en: 'From start', ja: '開始から' } : { en: 'From fault', ja: '障害から' };
}

/** How far the fault was proved. The control and an exercise have none to prove. */
export function proofWords({
  fault,
  ...evidence
}: Pick<DrillEvidence, 'fault' | 'expectsNoOutage' | 'exercise'>): Bilingual {
  if (breaksNothing(evidence) && fault.proof !== 'proved') return { en: 'none to prove', ja: '対象外' };
  return {
    proved: { en: 'proved', ja: '確認済み' },
    'not-observed': { en: 'NOT observed', ja: '確認できず' },
    'not-injected': { en: 'not injected', ja: '注入なし' },
  }[fault.proof];
}

/** What figures of this run may be used for; `null` when they are evidence. */
export function provenanceBanner(run: RunDocument['run']): Bilingual | null {
  if (run.stage.provenance === 'evidence') return null;
  const where =
    run.stage.kind === 'twin' ? { en: 'the twin', ja: 'ツイン' } : { en: run.stage.kind, ja: run.stage.kind };
  return {
    en: `REHEARSAL on ${where.en} — not evidence for production`,
    ja: `${where.ja}での予行 — 本番の証拠ではありません`,
  };
}

/** Stands beside every figure: `rehearsed on twin`, `measured on aws`. */
export function provenanceLabel(stage: RunDocument['run']['stage']): Bilingual {
  return stage.provenance === 'evidence'
    ? { en: `measured on ${stage.kind}`, ja: `${stage.kind} で測定` }
    : { en: `rehearsed on ${stage.kind}`, ja: `${stage.kind} で予行` };
}

/** The promise of an objective. A limit of zero is not a length of time. */
export function limitText({ name, limitMs }: Pick<ObjectiveResult, 'name' | 'limitMs'>, language: Language): string {
  if (name === 'RPO' && limitMs === 0) return language === 'en' ? 'no data loss' : 'データ損失なし';
  if (name === 'no outage') return language === 'en' ? 'no bad answer' : '失敗応答なし';
  const length = durationText(limitMs, 'nearest', language);
  return language === 'en' ? `≤ ${length}` : `${length}以内`;
}

/** How far the worst bound lies from the limit: the gap an auditor asks for. Room to spare only where the verdict is `met`. */
export function gapText({ name, measured, exposure, limitMs, verdict }: ObjectiveResult, language: Language): string {
  if (name === 'no outage' || (verdict === 'met' && limitMs === 0)) return '';
  if (measured === null || measured.msMax === null) return language === 'en' ? 'not known' : '不明';
  const gapMs = Math.max(measured.msMax, exposure?.ms ?? 0) - limitMs;
  if (gapMs > 0) {
    const over = durationText(gapMs, 'up', language);
    return language === 'en' ? `up to ${over} over` : `最大 ${over} 超過`;
  }
  if (verdict !== 'met') return language === 'en' ? 'see the reason' : '理由を参照';
  const spare = durationText(-gapMs, 'down', language);
  return language === 'en' ? `${spare} to spare` : `余裕 ${spare}`;
}

/** Downtime in one cell, with the time partly down beside it where there was any. */
export function downtimeText(measured: Measured, language: Language): string {
  const { downtimeMsMin, downtimeMsMax, partialMsMin, partialMsMax } = measured;
  const down = rangeText(downtimeMsMin === null ? null : { msMin: downtimeMsMin, msMax: downtimeMsMax }, language);
  if (partialMsMin === null || partialMsMax === 0) return down;
  const partly = rangeText({ msMin: partialMsMin, msMax: partialMsMax }, language);
  return language === 'en' ? `${down}; partly ${partly}` : `${down}、部分停止 ${partly}`;
}

/** An instant of the run's clock, in seconds after `zeroMs`, with its sign. */
export function offsetText(atMs: number, zeroMs: number): string {
  const seconds = (atMs - zeroMs) / 1_000;
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(2)} s`;
}

/** An instant of the wall clock as people at the system read it, with its zone, and in UTC. */
export function instantText(iso: string, timeZone: string): string {
  const atMs = Date.parse(iso);
  if (Number.isNaN(atMs)) return iso || '?';
  const local = new Date(atMs).toLocaleString('sv-SE', { timeZone });
  return `${local} ${timeZone} (${iso.slice(11, 19)} UTC)`;
}
