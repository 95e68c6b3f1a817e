import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import facility from '../kunren.config.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';
import { envOf } from './refusal.ts';
import { type Ended, kunren, testFolder } from './run-kunren.ts';
import { stageUp } from './stage-up.ts';

// Stage aws, pointed by AWS's own variable at a twin behind a proxy that keeps what was called.

/** The account of a twin that was given none. */
const ACCOUNT = '000000000000';
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

let folder: string;
let proxy: RecordingProxy;
let env: { [name: string]: string };

beforeAll(async () => {
  folder = testFolder();
  env = envOf(folder);
  proxy = await startRecordingProxy((await stageUp(env)).endpoint);
  env = { ...env, AWS_ENDPOINT_URL: proxy.endpoint, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };
}, 60_000);
afterAll(async () => {
  await proxy?.close();
  await kunren(['stage', 'down'], env);
  rmSync(folder, { recursive: true, force: true });
}, 30_000);
let before: number;
beforeEach(() => {
  before = proxy.calls.length;
});

const called = (): readonly string[] => proxy.calls.slice(before);

/** Rehearses on stage aws with guard rails of its own. */
async function rehearse(guardRails: object, ...args: readonly string[]): Promise<Ended> {
  const config = join(folder, 'kunren.config.ts');
  const base = fileURLToPath(new URL('../kunren.config.ts', import.meta.url));
  // What the twin needs lies beside the other config.
  const text = `import base from ${JSON.stringify(base)};
    export default { ...base, twin: undefined, guardRails: ${JSON.stringify(guardRails)} };`;
  writeFileSync(config, text);
  return await kunren(['rehearse', '--stage', 'aws', '--config', config, '--json', ...args], env);
}

const MEANT = ['--account', ACCOUNT, '--confirm', facility.name];
const ANYBODY = { identities: ['arn:aws:*'] };
const NOW = ['--outside-window', 'a test of the guard rails'];

/** A day that is neither today nor beside it, wherever the system's clocks are. */
const farDay = DAYS[(new Date().getUTCDay() + 3) % 7];

test.each([
  ['no account', []],
  ['another system confirmed', ['--account', ACCOUNT, '--confirm', 'other']],
])('%s: refused before any call', async (_name, args) => {
  const { code, stderr } = await rehearse(ANYBODY, 'task-kill', ...args);
  expect(code, stderr).toBe(3);
  expect(stderr).toMatch(/^kunren: --(account|confirm) is .* Remedy: /);
  expect(called()).toEqual([]);
});

// FIS is asked by paths.
const READS = /^(GetCallerIdentity|Describe\w+|List\w+|Get\w+|GET \S+)$/;

test.each([
  ['another account', {}, ['task-kill', '--account', '111111111111', '--confirm', facility.name], 'refused by account'],
  ['another identity', { identities: ['arn:aws:iam::1:user/a'] }, ['task-kill', ...MEANT], 'refused by account: arn:'],
  [
    'another day',
    { ...ANYBODY, windows: [{ day: farDay, from: '02:00', to: '04:00' }] },
    ['task-kill', ...MEANT],
    'refused by maintenance-window: it is ',
  ],
  [
    'a target without the tag',
    { ...ANYBODY, optInTag: { key: 'dr-drills', value: 'yes' } },
    ['task-kill', ...MEANT, ...NOW],
    'refused by opt-in-tag: arn:',
  ],
])('%s: not run, and nothing was called but STS and reads', { timeout: 60_000 }, async (_name, rails, args, says) => {
  const { code, stdout, stderr } = await rehearse(rails, ...args);
  const { drills } = JSON.parse(stdout) as { drills: { verdict: string; why: string }[] };
  expect(drills, stderr).toEqual([expect.objectContaining({ verdict: 'not-run', why: expect.stringContaining(says) })]);
  expect(code).toBe(2);
  expect(called().filter((call) => !READS.test(call))).toEqual([]);
});

test('a host that is not reached from here is told before anything is changed', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await rehearse(ANYBODY, 'no-fault', ...MEANT, ...NOW);
  const { drills } = JSON.parse(stdout) as { drills: { verdict: string; why: string }[] };
  expect(drills[0], stderr).toMatchObject({ verdict: 'unknown', why: expect.stringMatching(/^vantage cannot reach /) });
  expect(code).toBe(2);
  expect(called().filter((call) => !READS.test(call))).toEqual([]);
  // Why it was run at this time stands in the evidence, and each call by its request id beside it.
  const runs = join(folder, 'runs');
  const drill = join(
    runs,
    readdirSync(runs)
      .sort()
      .findLast((name) => name !== 'latest')!,
    'drills/no-fault',
  );
  const evidence = JSON.parse(readFileSync(join(drill, 'evidence.json'), 'utf8')) as { guardRails: object[] };
  expect(evidence.guardRails).toContainEqual(
    expect.objectContaining({ rule: 'maintenance-window', outcome: 'waived', seen: expect.stringContaining(NOW[1]!) }),
  );
  expect(readFileSync(join(drill, 'calls.jsonl'), 'utf8')).toMatch(/"operation":"GetCallerIdentity".*"requestId":"/);
});
