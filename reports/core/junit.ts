import { xmlEscape } from './escape.ts';
import { reasonOf } from './overall.ts';
import type { DrillRecord, RunDocument } from './run-document.ts';
import { provenanceLabel } from './wording.ts';

/**
 * JUnit XML: met passes, missed is a failure, unknown an error, not-run is skipped with its reason. What is not
 * missed is an error too when the harness itself failed.
 * A run without drills has one erroneous case, since an empty suite counts as green.
 */
export function junitXml(document: RunDocument): string {
  const { run, drills } = document;
  const cases = drills.length === 0 ? [nothingJudged()] : drills.map(testCase);
  const count = (element: Element) => drills.filter((drill) => elementOf(drill) === element).length;
  const errors = drills.length === 0 ? 1 : count('error');
  const name = xmlEscape(`kunren ${run.runId} (${provenanceLabel(run.stage).en})`);
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${errors}" skipped="${count('skipped')}"`;
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

type Element = 'failure' | 'error' | 'skipped';

/** `undefined`: it passes. */
function elementOf({ evidence, result }: DrillRecord): Element | undefined {
  if (result.verdict === 'missed') return 'failure';
  if (evidence.harnessFailed !== undefined || result.verdict === 'unknown') return 'error';
  return result.verdict === 'not-run' ? 'skipped' : undefined;
}

function testCase(drill: DrillRecord): string {
  const { evidence, result } = drill;
  const seconds = ((evidence.clock.endedAtMs - evidence.clock.startedAtMs) / 1_000).toFixed(3);
  const open = `<testcase classname="${xmlEscape(`kunren.${evidence.stage.kind}`)}" name="${xmlEscape(result.id)}" time="${seconds}"`;
  const element = elementOf(drill);
  if (element === undefined) return `${open}/>`;
  return `${open}><${element} message="${xmlEscape(reasonOf(drill))}"/></testcase>`;
}

function nothingJudged(): string {
  return '<testcase classname="kunren" name="run"><error message="nothing was judged"/></testcase>';
}
