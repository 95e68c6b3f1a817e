import { appendFile, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { System } from '../fixtures/core/system.ts';
import { drawnEvidence, drawnSeriesOf } from './core/drawn.ts';
import { drawnRun } from './core/drawn-run.ts';
import type { DrillEvidence } from './core/evidence.ts';
import { judgeDrillFolder, judgeRun } from './judge-run.ts';
import { renderRun } from './render-run.ts';
import { drillFolder, findRun, pointLatest, type RunFolder, runFolder } from './run-folder.ts';
import { writeDrillEvidence, writeRunEvidence } from './write-evidence.ts';

const RUN = drawnRun().document;
let base: string;
let folder: RunFolder;

/** The part of a system description that a verdict rests on. */
function system(downtimeMs = 2_000, service = 'api'): System {
  const described = RUN.system;
  return {
    ...described,
    levels: [],
    services: [{ name: service }],
    scenarios: described.scenarios.map((scenario) => ({
      ...scenario,
      rto: { ms: scenario.rtoMs ?? 0 },
      rpo: { ms: scenario.rpoMs ?? 0 },
      downtime: { ms: downtimeMs },
    })),
  } as unknown as System;
}

async function store(evidence: DrillEvidence): Promise<void> {
  await writeDrillEvidence(folder, evidence);
  const home = drillFolder(folder, evidence.drillId);
  for (const [name, { samples, missed, ledger }] of drawnSeriesOf()) {
    await writeFile(join(home, `${name}.jsonl`), lines([...samples, ...missed]));
    if (ledger.length > 0) await writeFile(join(home, `${name}.ledger.jsonl`), lines(ledger));
  }
}

const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const inDrill = (file: string) => join(drillFolder(folder, 'database-failover'), file);

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'kunren-reports-'));
  folder = runFolder(base, RUN.run.runId);
  await store(drawnEvidence());
  await writeRunEvidence(folder, RUN.run);
});
afterEach(() => rm(base, { recursive: true }));

test('the same evidence judged twice gives the same', async () => {
  const first = await judgeRun(folder, system());
  expect(first.drills.map(({ result }) => result.verdict)).toEqual(['met']);
  expect(first.integrity.manifest).toBe('matches');
  expect(await judgeRun(folder, system())).toEqual(first);
  expect(await judgeDrillFolder(folder, 'database-failover', system(), true)).toEqual(first.drills[0]!.result);
});

test('old evidence is judged by the objectives of today', async () => {
  expect((await judgeRun(folder, system(500))).drills[0]!.result.verdict).toBe('missed');
  expect((await judgeRun(folder, system(900))).drills[0]!.result.verdict).toBe('unknown');
});

test('reports are written whole, and writing them changes no verdict', async () => {
  const document = await judgeRun(folder, system());
  await renderRun(folder, document);
  expect(JSON.parse(await readFile(folder.document, 'utf8'))).toEqual(document);
  expect(await readFile(folder.html, 'utf8')).toMatch(/<\/html>\n$/);
  expect(await readFile(folder.compliance, 'utf8')).toContain('database-failover');
  expect(await readFile(folder.junit, 'utf8')).toContain('</testsuites>');
  expect(await judgeRun(folder, system())).toEqual(document);
});

test('a chosen drill that left nothing is not passed over, as when the run was interrupted before it', async () => {
  await writeRunEvidence(folder, { ...RUN.run, chosen: ['database-failover', 'task-kill'] });
  const document = await judgeRun(folder, system());
  await renderRun(folder, document);
  expect(await readFile(folder.junit, 'utf8')).toContain('errors="1"');
  expect(document.drills.map(({ result }) => [result.id, result.verdict, result.why])).toEqual([
    ['database-failover', 'met', expect.any(String)],
    ['task-kill', 'unknown', 'it was chosen and left no evidence: the run ended before it'],
  ]);
});

test("a run is not judged by another system's promises", async () => {
  const { drills } = await judgeRun(folder, system(2_000, 'billing'));
  expect(drills[0]!.result).toMatchObject({
    verdict: 'unknown',
    why: 'the evidence is of service "api", which the system description "sample" does not have',
  });
});

describe('evidence that is not whole, or not as it was, is never passed over', () => {
  const cases: [string, () => Promise<void>, RegExp][] = [
    ['no evidence.json', () => rm(inDrill('evidence.json')), /evidence damaged: .*evidence\.json cannot be read/],
    ['a torn evidence.json', () => writeFile(inDrill('evidence.json'), '{"schemaVersion": 1,'), /no whole JSON/],
    [
      'a strange member',
      () => writeFile(inDrill('evidence.json'), JSON.stringify({ ...drawnEvidence(), extra: 1 })),
      /extra/,
    ],
    [
      "another drill's evidence",
      () => writeFile(inDrill('evidence.json'), JSON.stringify({ ...drawnEvidence(), drillId: 'x' })),
      /is of drill "x"/,
    ],
    ['no samples', () => rm(inDrill('health.jsonl')), /evidence damaged/],
    ['torn samples', () => appendFile(inDrill('health.jsonl'), '{"k":'), /record of probe health was cut short/],
    ['no ledger', () => rm(inDrill('orders.ledger.jsonl')), /evidence damaged/],
    ['strange samples', () => appendFile(inDrill('health.jsonl'), '{"k":"one"}\n'), /not a line that the prober wrote/],
    [
      'an added sample',
      () => appendFile(inDrill('health.jsonl'), '{"k":99,"dueAtMs":9900,"missed":true}\n'),
      /altered: .*health\.jsonl differs from the manifest/,
    ],
    ['an added file', () => writeFile(inDrill('more.jsonl'), ''), /altered: .*more\.jsonl is not in the manifest/],
    [
      'another calibration',
      () => writeFile(folder.runEvidence, JSON.stringify({ ...RUN.run, seed: 2 })),
      /altered: run-evidence\.json differs/,
    ],
    ['a torn manifest', () => writeFile(folder.manifest, '{'), /altered: manifest\.json/],
  ];
  test.each(cases)('%s', async (_name, spoil, why) => {
    await spoil();
    const { drills, integrity } = await judgeRun(folder, system());
    expect(drills).toHaveLength(1);
    expect(drills[0]!.result.verdict).toBe('unknown');
    expect(drills[0]!.result.why).toMatch(why);
    expect(integrity.manifest).toBe('differs');
  });

  test('a drill of the manifest whose folder is gone', async () => {
    await rm(drillFolder(folder, 'database-failover'), { recursive: true });
    const { drills } = await judgeRun(folder, system());
    expect(drills.map(({ result }) => [result.id, result.verdict])).toEqual([['database-failover', 'unknown']]);
  });

  test('no manifest is said, and judged all the same', async () => {
    await rm(folder.manifest);
    const { drills, integrity } = await judgeRun(folder, system());
    expect([drills[0]!.result.verdict, integrity.manifest]).toEqual(['met', 'absent']);
  });

  test('no evidence of the run itself is an error with a remedy', async () => {
    await rm(folder.runEvidence);
    await expect(judgeRun(folder, system())).rejects.toMatchObject({ code: 'evidence-damaged' });
  });

  test('a drill that was not run needs no samples', async () => {
    await store(drawnEvidence({ notRun: 'no second region' }));
    await rm(inDrill('health.jsonl'));
    await writeRunEvidence(folder, RUN.run);
    expect((await judgeRun(folder, system())).drills[0]!.result).toMatchObject({
      verdict: 'not-run',
      why: 'no second region',
    });
  });
});

describe('latest', () => {
  test('points at the newest run, and moves in one step', async () => {
    await pointLatest(base, 'older');
    await pointLatest(base, RUN.run.runId);
    expect(await readlink(join(base, 'latest'))).toBe(RUN.run.runId);
    expect((await findRun(base, 'latest')).root).toBe(folder.root);
  });
  test.each(['../elsewhere', 'none', 'a/b', ''])('run %j is refused', async (run) => {
    await expect(findRun(base, run)).rejects.toMatchObject({ name: 'KunrenError' });
  });
  test('without any run says so', async () => {
    await expect(findRun(base, 'latest')).rejects.toMatchObject({ code: 'no-run' });
  });
});
