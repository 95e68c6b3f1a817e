import { xmlEscape } from './escape.ts';
import type { DrillRecord, RunDocument } from './run-document.ts';
import { provenanceLabel } from './wording.ts';

/**
 * JUnit XML: met passes, missed is a failure, unknown an error, not-run is skipped with its reason.
 * A run without drills has one erroneous case, since an empty suite counts as green.
 */
export function junitXml(document: RunDocument): string {
  const { run, drills } = document;
  const cases = drills.length === 0 ? [nothingJudged()] : drills.map(testCase);
  const count = (verdict: string) => drills.filter((drill) => drill.result.verdict === verdict).length;
  const errors = drills.length === 0 ? 1 : count('unknown');
  const name = xmlEscape(`kunren ${run.runId} (${provenanceLabel(run.stage).en})`);
  const counts = `tests="${cases.length}" failures="${count('missed')}" errors="${errors}" skipped="${count('not-run')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kunren" ${counts}>`,
    `  <testsuite name="${name}" ${counts} timestamp="${xmlEscape(run.startedAt)}">`,
    ...cases.map((lines) => `    ${lines}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ evidence, result }: DrillRecord): string {
  const seconds = ((evidence.clock.endedAtMs - evidence.clock.startedAtMs) / 1_000).toFixed(3);
  const open = `<testcase classname="${xmlEscape(`kunren.${evidence.stage.kind}`)}" name="${xmlEscape(result.id)}" time="${seconds}"`;
  if (result.verdict === 'met') return `${open}/>`;
  const element = { missed: 'failure', unknown: 'error', 'not-run': 'skipped' }[result.verdict];
  return `${open}><${element} message="${xmlEscape(result.why)}"/></testcase>`;
}

function nothingJudged(): string {
  return '<testcase classname="kunren" name="run"><error message="nothing was judged"/></testcase>';
}
