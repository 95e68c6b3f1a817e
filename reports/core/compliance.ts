import { drillSection } from './compliance-drill.ts';
import { controlMapping, evidenceIndex, findings, identity, signOff } from './compliance-governance.ts';
import { markdownEscape } from './escape.ts';
import { both, markdownTable } from './markdown.ts';
import { judgedText, objectiveRows, rowFigures } from './objective-rows.ts';
import { overallVerdict } from './overall.ts';
import type { RunDocument } from './run-document.ts';
import { runWarnings, TWIN_LIMITS } from './warnings.ts';
import { provenanceBanner, provenanceLabel, VERDICT_WORDS } from './wording.ts';

/** compliance.md: the RTO/RPO report for an auditor, in English with Japanese where readers need it. */
export function complianceMarkdown(document: RunDocument): string {
  const sections = [
    heading(document),
    identity(document),
    objectivesSection(document),
    warningsSection(document),
    ...document.drills.map((drill) => drillSection(drill, document.system)),
    limitsSection(document),
    findings(document),
    evidenceIndex(document),
    controlMapping(),
    signOff(document),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(document: RunDocument): string[] {
  const { system, run, drills } = document;
  const word = VERDICT_WORDS[overallVerdict(document)];
  const banner = provenanceBanner(run);
  const count = (verdict: string) => drills.filter((drill) => drill.result.verdict === verdict).length;
  const counts = `${count('met')} met, ${count('missed')} missed, ${count('unknown')} unknown, ${count('not-run')} not run`;
  return [
    `# Disaster-recovery drill report / 復旧訓練 実施報告書: ${both(system.title)}`,
    ...(banner ? ['', `> **${both(banner)}**`] : []),
    '',
    `**Overall / 総合判定: ${word.mark} ${word.en} / ${word.ja}** (drills: ${counts}). ${both(judgedText(document))}`,
  ];
}

function objectivesSection(document: RunDocument): string[] {
  const { provenance } = document.run.stage;
  const headings = [
    'Scenario / シナリオ',
    'Level / レベル',
    'Objective / 目標',
    'Limit / 目標値',
    'Rehearsed / 予行',
    'Measured on the real system / 実測',
    'Last proven / 実証済み',
    'Gap / 差',
    'Verdict / 判定',
    'Drill / 訓練',
  ];
  const rows = objectiveRows(document).map((row) => {
    const figures = rowFigures(row, provenance, 'en');
    return [
      `${row.scenario.en} / ${row.scenario.ja}`,
      String(row.level),
      figures.objective,
      figures.limit,
      figures.rehearsed,
      figures.measured,
      figures.proven,
      figures.gap,
      row.verdict === 'not exercised' ? 'not exercised / 未訓練' : verdictText(row.verdict),
      row.drill ?? '',
    ];
  });
  const control = document.drills.flatMap(({ result }) => result.objectives.filter(({ name }) => name === 'no outage'));
  return [
    '## Objectives against what was measured / 目標と実測',
    '',
    `Figures: ${both(provenanceLabel(document.run.stage))}. A range is judged on its worst bound. The gap is taken from the upper bound.`,
    '',
    ...markdownTable(headings, rows),
    ...(control.length > 0
      ? ['', ...control.map(({ scenario, why }) => `Without an outage (${scenario}): ${markdownEscape(why)}.`)]
      : []),
  ];
}

function verdictText(verdict: keyof typeof VERDICT_WORDS): string {
  const { mark, en, ja } = VERDICT_WORDS[verdict];
  return `${mark} ${en} / ${ja}`;
}

function warningsSection(document: RunDocument): string[] {
  const warnings = runWarnings(document);
  if (warnings.length === 0) return [];
  return ['## Warnings on the whole run / 実行全体の注意', '', ...warnings.map((warning) => `- ${both(warning)}`)];
}

function limitsSection({ run }: RunDocument): string[] {
  if (run.stage.provenance === 'evidence') return [];
  return [
    '## What the twin cannot show / ツインでは示せないこと',
    '',
    ...TWIN_LIMITS.map((limit) => `- ${both(limit)}`),
  ];
}
