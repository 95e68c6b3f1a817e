import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseSystem } from '../../fixtures/core/system.ts';
import facility from '../../kunren.config.ts';
import { checklist } from './checklist.ts';
import { checklistText } from './checklist-text.ts';
import { complianceMarkdown } from './compliance.ts';
import { drawnRun } from './drawn-run.ts';
import { reportHtml } from './html/report.ts';
import { jobSummary } from './job-summary.ts';
import { junitXml } from './junit.ts';
import { judgedText } from './objective-rows.ts';
import { cliDocument, type RunDocument, runDocumentSchema, runJsonSchema, systemSnapshot } from './run-document.ts';
import { summaryTable } from './summary-table.ts';
import { textWidth } from './text-width.ts';
import { drillWarnings } from './warnings.ts';

const { document, series } = drawnRun();
const evidenceRun: RunDocument = {
  ...drawnRun(2).document,
  run: { ...document.run, stage: { kind: 'aws', provenance: 'evidence' } },
};

const RENDERERS: [string, string][] = [
  ['compliance.md', complianceMarkdown(document)],
  ['report.html', reportHtml(document, series)],
  ['junit.xml', junitXml(document)],
  ['job-summary.md', jobSummary(document)],
  ['summary-table.txt', summaryTable(document)],
  ['checklist.txt', checklistText(document)],
  ['run.json', `${JSON.stringify(document, null, 2)}\n`],
  ['cli.json', `${JSON.stringify(cliDocument(document), null, 2)}\n`],
];

test.each(RENDERERS)('%s is as its golden file', async (name, text) => {
  await expect(text).toMatchFileSnapshot(`golden/${name}.golden`);
});

test.each(RENDERERS)('%s never calls a run good that is not', (name, text) => {
  if (name.startsWith('cli') || name.startsWith('run')) return;
  expect(text).not.toMatch(/pass(ed)?\b/i);
});

test.each(RENDERERS)('%s lets no value out unescaped', (name, text) => {
  if (name.endsWith('.json') || name.endsWith('.txt')) return;
  expect(text).not.toContain('<script>alert');
  expect(text).not.toContain('<facilities>');
});

describe('run.json', () => {
  test('the published schema is current', () => {
    const published = JSON.parse(readFileSync(new URL('../run.schema.json', import.meta.url), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(runJsonSchema())));
  });

  test('a run is valid, and one with a strange verdict or member is not', () => {
    const parsed = runDocumentSchema.parse(JSON.parse(JSON.stringify(document)));
    expect(parsed).toEqual(document);
    const drill = document.drills[0]!;
    const strange = { ...document, drills: [{ ...drill, result: { ...drill.result, verdict: 'passed' } }] };
    expect(runDocumentSchema.safeParse(strange).success).toBe(false);
    expect(runDocumentSchema.safeParse({ ...document, extra: 1 }).success).toBe(false);
  });
});

describe('a checklist item that only a person can tick', () => {
  const DESCRIBED = parseSystem(facility, 'kunren.config.ts');
  test('is part of run.json, as its schema says', () => {
    const snapshot = systemSnapshot(DESCRIBED);
    expect(runDocumentSchema.shape.system.parse(snapshot)).toEqual(snapshot);
    expect(JSON.stringify(snapshot)).toContain('"by":"person"');
  });
  test('is ticked by no evidence, whatever its id', () => {
    const record = drawnRun(2).document.drills[1]!;
    const text = { en: 'x', ja: 'x' };
    const items = [
      { id: 'switched', text },
      { id: 'switched', text, by: 'person' as const },
      { id: 'downtime', text, by: 'person' as const },
    ];
    const states = checklist(record, { ...document.system.scenarios[0]!, checklist: items }).map(({ state }) => state);
    expect(states).toEqual(['ticked', 'person', 'person']);
  });
});

describe('a harness that failed', () => {
  const failure = 'left behind: stage:freeze {"task":"t"}. Run kunren sweep.';
  const good = drawnRun(1).document;
  const record = good.drills[0]!;
  const failed: RunDocument = {
    ...good,
    drills: [{ ...record, evidence: { ...record.evidence, harnessFailed: failure } }],
  };
  const text = (name: string) =>
    ({
      compliance: complianceMarkdown(failed),
      report: reportHtml(failed, series),
      junit: junitXml(failed),
      summary: jobSummary(failed),
      table: summaryTable(failed),
    })[name]!;
  test.each(['compliance', 'report', 'junit', 'summary', 'table'])('is told in %s', (name) => {
    expect(text(name)).toContain('left behind');
  });
  test('is never an overall pass', () => {
    expect(junitXml(good)).toContain('errors="0"');
    expect(text('junit')).toContain('errors="1"');
    expect(text('compliance')).toMatch(/Overall .*\? unknown/);
    expect(text('compliance')).not.toContain('None from this run');
    expect(text('summary')).toContain('? Disaster-recovery drills: unknown');
    expect(text('report')).toMatch(/Overall[^✓]*unknown/);
  });
});

describe('provenance', () => {
  const banner = 'REHEARSAL on the twin — not evidence for production';
  test.each(RENDERERS.slice(0, 2))('%s says in large words that a rehearsal is no evidence', (_name, text) => {
    expect(text).toContain(banner);
  });

  test('a rehearsed figure never stands in the proven column, and evidence does', () => {
    const row = (text: string) =>
      text.split('\n').find((line) => line.startsWith('| Database failover') && line.includes('downtime'));
    const cells = (text: string) =>
      row(text)!
        .split('|')
        .map((cell) => cell.trim());
    expect(cells(complianceMarkdown(drawnRun(2).document)).slice(5, 8)).toEqual(['790 ms to 1.01 s', '', '']);
    expect(cells(complianceMarkdown(evidenceRun)).slice(5, 8)).toEqual(['', '790 ms to 1.01 s', '790 ms to 1.01 s']);
    expect(complianceMarkdown(evidenceRun)).not.toContain(banner);
  });

  test('what was not exercised is listed as such', () => {
    expect(complianceMarkdown(drawnRun(2).document)).toMatch(/Loss of a region .* not exercised/);
  });
});

describe('an empty run', () => {
  const empty = drawnRun(0).document;
  test('is an error in JUnit, where an empty suite would be green', () => {
    expect(junitXml(empty)).toContain('errors="1"');
  });
  test('is unknown everywhere else', () => {
    expect(complianceMarkdown(empty)).toContain('? unknown');
    expect(jobSummary(empty)).toContain('? Disaster-recovery drills: unknown');
    expect(summaryTable(empty)).toContain('nothing was judged');
    expect(reportHtml(empty, new Map())).toContain('Nothing was judged.');
  });
});

test('the report fetches nothing', () => {
  const html = reportHtml(document, series);
  expect(html).not.toMatch(/\ssrc="|<a href="(?!#|drills\/)/);
  expect(html).not.toMatch(/url\(|@import|fetch\(/);
});

test('a run says how much of the runbook it judged: what is unknown or was not run does not count', () => {
  const only = (...ids: string[]): RunDocument => ({
    ...document,
    drills: document.drills.filter(({ result }) => ids.includes(result.id)),
  });
  expect(judgedText(only('database-failover')).en).toContain('found 3 of');
  for (const ids of [[], ['no-fault'], ['failover-nop'], ['region-rebuild']]) {
    expect(judgedText(only(...ids)).en).toContain('found 0 of');
  }
});

test('the closing table fits a terminal', () => {
  const rows = summaryTable(document)
    .split('\n')
    .filter((line) => /^[✓✗?–─] /.test(line));
  expect(rows).toHaveLength(document.drills.length + 1);
  expect(Math.max(...rows.map(textWidth))).toBeLessThanOrEqual(100);
});

describe('a figure that does not speak for itself', () => {
  const texts = RENDERERS.filter(([name]) => /^(compliance|report|summary|job)/.test(name));
  test.each(texts)('%s says whose objective is borrowed, what the schedule can lose, what was declared', (_, text) => {
    expect(text).toMatch(/borrowed from ("|&quot;)Loss of a region/);
    expect(text).toContain('by schedule up to 5 min');
    expect(text).toContain('No objective says how much data may be lost');
    expect(text).toContain('of the history was declared, not lived through');
  });
});

test('a report is not signed before somebody signs it', () => {
  expect(complianceMarkdown(document)).not.toMatch(/acknowledged by|approved/i);
});

test('a drill that ended before the system was back is not said to have asked anything', () => {
  const record = drawnRun(2).document.drills[1]!;
  const said = (recovered: boolean): string => {
    const recoveries = record.evidence.recoveries.map((one) => ({ ...one, recovered }));
    const evidence = { ...record.evidence, functions: [], recoveries };
    return drillWarnings({ ...record, evidence })
      .map(({ en }) => en)
      .join('\n');
  };
  expect(said(true)).toContain('Only health paths were asked');
  expect(said(false)).not.toContain('Only health paths were asked');
});
