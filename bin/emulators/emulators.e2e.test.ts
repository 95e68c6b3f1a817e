import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attachLocalstack } from '../../fixtures/stages/localstack.ts';
import { drillIds } from '../drill-ids.ts';
import { startRecordingProxy } from '../recording-proxy.ts';
import { kunren, testFolder } from '../run-kunren.ts';
import { askCommunityServices } from './community-services.ts';
import { type KINDS, startEmulator } from './emulator.ts';
import { EXPECTED } from './expected-verdicts.ts';
import { provisionOn, startUsersSide } from './provisioned.ts';

/** What breaks, makes or restores something; beside it a drill only reads, and holds its lock in SSM. */
const STRIKES = /^(Reboot|Stop|Start|Create|Restore|Run|Update|Modify|Delete(?!Parameter))|^POST /;

/** LocalStack's community runtime lacks what a drill needs; the services that it has answer our clients. */
const ANSWERED = {
  sts: '000000000000',
  ec2: true,
  cloudwatch: ['kunren'],
  ssm: ['mine', undefined],
  tagging: [true],
  logs: [],
  route53: ['example.com.'],
  cloudformation: ['kunren'],
};

/** Of the control a busy machine may not see enough: that says nothing about the emulator. */
const UNMEASURED = /^coverage of probe|^the calibration does not hold/;

interface Drilled {
  readonly id: string;
  readonly verdict: string;
  readonly why: string;
}

test.concurrent.for(Object.keys(EXPECTED) as (keyof typeof KINDS)[])(
  'each drill on %s is judged by what was seen of it',
  { timeout: 400_000 },
  async (name, { skip, onTestFinished }) => {
    const emulator = await startEmulator(name);
    if ('missing' in emulator) return skip(emulator.missing);
    onTestFinished(emulator.stop);
    const proxy = await startRecordingProxy(emulator.endpoint);
    onTestFinished(proxy.close);
    const users = await startUsersSide(proxy.endpoint);
    onTestFinished(users.stop);
    const { isBuilt, drills, struck } = EXPECTED[name];
    if (isBuilt) await provisionOn(emulator.endpoint, users.configPath);
    const home = testFolder();
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const ended = await kunren(
      ['rehearse', ...drillIds(), '--stage', 'localstack', '--config', users.configPath, '--json'],
      {
        ...{ KUNREN_HOME: join(home, 'stages'), KUNREN_RUNS: join(home, 'runs') },
        KUNREN_DATABASE_URL: users.databaseUrl,
      },
    );
    const { drills: results } = JSON.parse(ended.stdout) as { drills: Drilled[] };
    const unmeasured = results.filter(({ id, why }) => id === 'no-fault' && UNMEASURED.test(why)).map(({ id }) => id);
    const isMeasured = (id: string): boolean => !unmeasured.includes(id);
    const seen = results.map(({ id, verdict, why }) => [id, { verdict, why }] as const);
    const due = Object.entries(drills).map(
      ([id, [verdict, why]]) => [id, { verdict, why: expect.stringMatching(why) }] as const,
    );
    const ofMeasured = (rows: readonly (readonly [string, object])[]) =>
      Object.fromEntries(rows.filter(([id]) => isMeasured(id)));
    expect(Object.keys(drills).sort()).toEqual(drillIds());
    expect(ofMeasured(seen)).toEqual(ofMeasured(due));
    expect(results.filter(({ verdict }) => verdict === 'met')).toEqual([]);
    expect(ended.code).not.toBe(0);
    const strikes = proxy.calls.filter((call) => STRIKES.test(call));
    expect(strikes).toEqual(expect.arrayContaining([...struck]));
    if (struck.length === 0) expect(strikes).toEqual([]);
    if (name !== 'localstack') return;
    const stage = attachLocalstack({ kind: 'localstack', endpoint: emulator.endpoint, hosts: {} });
    expect(await askCommunityServices(stage)).toEqual(ANSWERED);
  },
);
