import { checklist, checksToTell } from './checklist.ts';
import { durationText, rangeText } from './duration-text.ts';
import { markdownEscape } from './escape.ts';
import { zeroAtMs } from './exercise.ts';
import { both, markdownTable } from './markdown.ts';
import type { DrillRecord, SystemSnapshot } from './run-document.ts';
import { accountLines, guardRailLines } from './safety-lines.ts';
import { truthLines } from './truth-lines.ts';
import { drillWarnings } from './warnings.ts';
import {
  figureText,
  fromZeroWords,
  instantText,
  limitText,
  objectiveWords,
  offsetText,
  proofWords,
  provenanceLabel,
  STEP_WORDS,
  VERDICT_WORDS,
} from './wording.ts';

/** One drill of compliance.md. */
export function drillSection(drill: DrillRecord, system: SystemSnapshot): string[] {
  const { evidence, result } = drill;
  const word = VERDICT_WORDS[result.verdict];
  const lines = [
    `## Drill ${result.id}: ${both(evidence.title)}`,
    '',
    `**${word.mark} ${word.en} / ${word.ja}** — ${markdownEscape(result.why)}`,
  ];
  const guardRails = listed('Guard rails / 安全規則', guardRailLines(evidence).map(both));
  if (result.verdict === 'not-run') return [...lines, ...guardRails];
  return [
    ...lines,
    '',
    ...faultLines(drill, system.timeZone),
    ...objectiveLines(drill, system),
    ...checklistLines(drill, system),
    ...checkLines(drill),
    ...recoveryLines(drill),
    ...stepLines(drill),
    ...listed('Beside the evidence / 添付', attachments(drill)),
    ...guardRails,
    ...listed('In the account / アカウントでの操作', accountLines(evidence).map(both)),
    ...measurementLines(drill),
    ...listed('Warnings / 注意', drillWarnings(drill).map(both)),
    ...listed('Left changed on purpose / 意図して残した変更', evidence.residual.map(markdownEscape)),
    ...listed('What the twin itself logged / ツイン自身の記録', truthLines(result.truth).map(both)),
  ];
}

function faultLines({ evidence }: DrillRecord, timeZone: string): string[] {
  const { fault, clock } = evidence;
  const instant = (iso: string) => markdownEscape(instantText(iso, timeZone));
  const at = fault.injectedAtMs === undefined ? '' : ` at ${offsetText(fault.injectedAtMs, clock.startedAtMs)}`;
  return [
    `- Run / 実施: ${instant(clock.wallStartedAt)} to ${instant(clock.wallEndedAt)}`,
    `- Fault / 障害: ${markdownEscape(fault.name)}${at}; blast radius / 影響範囲: ${markdownEscape(fault.blastRadius)}`,
    `- Fault proof / 障害の証拠: ${both(proofWords(evidence))} — ${markdownEscape(fault.why)}`,
  ];
}

function objectiveLines({ evidence, result }: DrillRecord, { scenarios }: SystemSnapshot): string[] {
  if (result.objectives.length === 0) return [];
  const label = both(provenanceLabel(evidence.stage));
  const headings = ['Objective / 目標', 'Limit / 目標値', `Figure / 実測 (${label})`, 'Verdict / 判定', 'Why / 理由'];
  const rows = result.objectives.map((objective) => [
    both(objectiveWords(objective, scenarios)),
    limitText(objective, 'en'),
    figureText(objective, evidence, 'en'),
    both(VERDICT_WORDS[objective.verdict]),
    objective.why,
  ]);
  return ['', ...markdownTable(headings, rows)];
}

const STATE_WORDS = {
  ticked: { en: '', ja: '' },
  no: { en: 'NO', ja: '不成立' },
  unknown: { en: 'unknown', ja: '不明' },
  person: { en: 'for a person to tick', ja: '担当者が確認' },
  'no evidence': { en: 'no evidence', ja: '証拠なし' },
} as const;

function checklistLines(drill: DrillRecord, system: SystemSnapshot): string[] {
  return system.scenarios
    .filter((scenario) => drill.evidence.scenarios.includes(scenario.id) && scenario.checklist.length > 0)
    .flatMap((scenario) => [
      '',
      `### Checklist / チェックリスト: ${both(scenario.title)}`,
      '',
      ...checklist(drill, scenario).map(({ text, state, seen }) => {
        const word = STATE_WORDS[state];
        const note = [word.en && `${word.en} / ${word.ja}`, seen].filter(Boolean).join(': ');
        return `- [${state === 'ticked' ? 'x' : ' '}] ${both(text)} — ${markdownEscape(note)}`;
      }),
    ]);
}

function checkLines(drill: DrillRecord): string[] {
  const rows = checksToTell(drill).map(({ claim, outcome, seen }) => [`${claim.en} / ${claim.ja}`, outcome, seen]);
  const functions = drill.evidence.functions.map(({ service, name, outcome, seen }) => [
    `${service}: ${name}`,
    outcome,
    seen,
  ]);
  if (rows.length + functions.length === 0) return [];
  return [
    '',
    '### Checks after recovery / 復旧後の確認',
    '',
    ...markdownTable(['Claim / 確認事項', 'Outcome / 結果', 'Seen / 観測内容'], [...rows, ...functions]),
  ];
}

function recoveryLines({ evidence }: DrillRecord): string[] {
  if (evidence.recoveries.length === 0) return [];
  const zeroMs = zeroAtMs(evidence);
  const rows = evidence.recoveries.map((recovery) => [
    recovery.name,
    recovery.kind,
    offsetText(recovery.startedAtMs, zeroMs),
    offsetText(recovery.endedAtMs, zeroMs),
    recovery.recovered ? 'recovered' : 'NOT recovered',
    recovery.detail ?? '',
  ]);
  const headings = [
    'Step / 作業',
    'Kind / 種別',
    both(fromZeroWords(evidence)),
    'To / 終了',
    'Outcome / 結果',
    'Detail / 詳細',
  ];
  return ['', '### Recovery / 復旧作業', '', ...markdownTable(headings, rows)];
}

function stepLines({ evidence }: DrillRecord): string[] {
  const { steps = [] } = evidence;
  if (steps.length === 0) return [];
  const zeroMs = zeroAtMs(evidence);
  const rows = steps.map(({ name, startedAtMs, endedAtMs, outcome, detail }) => [
    `${name.en} / ${name.ja}`,
    offsetText(startedAtMs, zeroMs),
    durationText(endedAtMs - startedAtMs),
    `${STEP_WORDS[outcome].en} / ${STEP_WORDS[outcome].ja}`,
    detail,
  ]);
  const headings = ['Step / 手順', both(fromZeroWords(evidence)), 'Took / 所要', 'Outcome / 結果', 'Detail / 詳細'];
  return ['', '### Procedure, step by step / 手順ごとの記録', '', ...markdownTable(headings, rows)];
}

const attachments = ({ evidence }: DrillRecord): string[] =>
  (evidence.attachments ?? []).map(
    ({ file, title }) => `[${both(title)}](drills/${evidence.drillId}/${file}) (${markdownEscape(file)})`,
  );

function measurementLines({ evidence, readings }: DrillRecord): string[] {
  const rows = readings.map((reading) => {
    const probe = evidence.probes.find(({ name }) => name === reading.probe);
    return [
      `${reading.probe} (${probe?.kind ?? '?'})`,
      probe ? `${durationText(probe.intervalMs)} / ${durationText(probe.deadlineMs)}` : '',
      `${reading.due} / ${reading.sent} / ${reading.missed}`,
      `${reading.bad} / ${reading.slow}`,
      `${reading.outages}${reading.flapping ? ' (flapping)' : ''}`,
      rangeText(reading.downtime),
      rangeText(reading.partial),
    ];
  });
  const headings = [
    'Probe / プローブ',
    'Interval, deadline / 間隔、期限',
    'Due, sent, missed / 予定、送信、未送信',
    'Bad, slow / 失敗、遅延',
    'Outages / 停止回数',
    'Down / 停止',
    'Partly down / 部分停止',
  ];
  return [
    '',
    '### Measurement quality / 測定の質',
    '',
    ...markdownTable(headings, rows),
    '',
    `Recovered means ${evidence.stableAnswers} good answers in a row. Wall clock stepped by ${evidence.clock.wallStepMs} ms.`,
  ];
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines.map((line) => `- ${line}`)];
}
