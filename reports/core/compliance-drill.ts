import { checklist } from './checklist.ts';
import { durationText, rangeText } from './duration-text.ts';
import { markdownEscape } from './escape.ts';
import { both, markdownTable } from './markdown.ts';
import type { DrillRecord, SystemSnapshot } from './run-document.ts';
import { truthLines } from './truth-lines.ts';
import { drillWarnings } from './warnings.ts';
import { limitText, OBJECTIVE_WORDS, offsetText, provenanceLabel, VERDICT_WORDS } from './wording.ts';

/** One drill of compliance.md. */
export function drillSection(drill: DrillRecord, system: SystemSnapshot): string[] {
  const { evidence, result } = drill;
  const word = VERDICT_WORDS[result.verdict];
  const lines = [
    `## Drill ${result.id}: ${both(evidence.title)}`,
    '',
    `**${word.mark} ${word.en} / ${word.ja}** — ${markdownEscape(result.why)}`,
  ];
  if (result.verdict === 'not-run') return lines;
  return [
    ...lines,
    '',
    ...faultLines(drill),
    ...objectiveLines(drill),
    ...checklistLines(drill, system),
    ...checkLines(drill),
    ...recoveryLines(drill),
    ...measurementLines(drill),
    ...listed('Warnings / 注意', drillWarnings(drill).map(both)),
    ...listed('Left changed on purpose / 意図して残した変更', evidence.residual.map(markdownEscape)),
    ...listed('What the twin itself logged / ツイン自身の記録', truthLines(result.truth).map(both)),
  ];
}

function faultLines({ evidence: { fault, clock } }: DrillRecord): string[] {
  const at = fault.injectedAtMs === undefined ? '' : ` at ${offsetText(fault.injectedAtMs, clock.startedAtMs)}`;
  return [
    `- Run / 実施: ${markdownEscape(clock.wallStartedAt)} to ${markdownEscape(clock.wallEndedAt)}`,
    `- Fault / 障害: ${markdownEscape(fault.name)}${at}; blast radius: ${markdownEscape(fault.blastRadius)}`,
    `- Fault proof / 障害の証拠: ${fault.proof} — ${markdownEscape(fault.why)}`,
  ];
}

function objectiveLines({ evidence, result }: DrillRecord): string[] {
  if (result.objectives.length === 0) return [];
  const label = provenanceLabel(evidence.stage).en;
  const rows = result.objectives.map((objective) => [
    OBJECTIVE_WORDS[objective.name].en,
    limitText(objective, 'en'),
    rangeText(objective.measured),
    VERDICT_WORDS[objective.verdict].en,
    objective.why,
  ]);
  return ['', ...markdownTable(['Objective', 'Limit', `Figure (${label})`, 'Verdict', 'Why'], rows)];
}

function checklistLines(drill: DrillRecord, system: SystemSnapshot): string[] {
  return system.scenarios
    .filter((scenario) => drill.evidence.scenarios.includes(scenario.id) && scenario.checklist.length > 0)
    .flatMap((scenario) => [
      '',
      `### Checklist / チェックリスト: ${both(scenario.title)}`,
      '',
      ...checklist(drill, scenario).map(({ text, state, seen }) => {
        const note = state === 'ticked' ? seen : `${state}${seen ? `: ${seen}` : ''}`;
        return `- [${state === 'ticked' ? 'x' : ' '}] ${both(text)} — ${markdownEscape(note)}`;
      }),
    ]);
}

function checkLines({ result, evidence }: DrillRecord): string[] {
  const rows = result.checks.map(({ claim, outcome, seen }) => [`${claim.en} / ${claim.ja}`, outcome, seen]);
  const functions = evidence.functions.map(({ service, name, outcome, seen }) => [
    `${service}: ${name}`,
    outcome,
    seen,
  ]);
  if (rows.length + functions.length === 0) return [];
  return [
    '',
    '### Checks after recovery / 復旧後の確認',
    '',
    ...markdownTable(['Claim', 'Outcome', 'Seen'], [...rows, ...functions]),
  ];
}

function recoveryLines({ evidence }: DrillRecord): string[] {
  if (evidence.recoveries.length === 0) return [];
  const zeroMs = evidence.fault.injectedAtMs ?? evidence.clock.startedAtMs;
  const rows = evidence.recoveries.map((recovery) => [
    recovery.name,
    recovery.kind,
    offsetText(recovery.startedAtMs, zeroMs),
    offsetText(recovery.endedAtMs, zeroMs),
    recovery.recovered ? 'recovered' : 'NOT recovered',
    recovery.detail ?? '',
  ]);
  const headings = ['Recovery step', 'Kind', 'From fault', 'To', 'Outcome', 'Detail'];
  return ['', '### Recovery / 復旧作業', '', ...markdownTable(headings, rows)];
}

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
    'Probe',
    'Interval / deadline',
    'Due / sent / missed',
    'Bad / slow',
    'Outages',
    'Down',
    'Partly down',
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
