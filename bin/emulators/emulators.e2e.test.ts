import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startRecordingProxy } from '../recording-proxy.ts';
import { kunren, testFolder } from '../run-kunren.ts';
import { type KINDS, startEmulator } from './emulator.ts';
import { provisionOn, startUsersSide } from './provisioned.ts';

interface Expected {
  /** Whether the system can be built there at all. */
  readonly isBuilt: boolean;
  readonly verdict: 'unknown' | 'not-run';
  readonly why: RegExp;
  /** What must, or must not, really have reached it. */
  readonly isStruck: boolean;
}

/** What a forced failover comes to where nothing fails over. It may never be met. */
const EXPECTED: { readonly [name in keyof typeof KINDS]: Expected } = {
  moto: { isBuilt: true, verdict: 'unknown', why: /fault not observed/, isStruck: true },
  ministack: { isBuilt: true, verdict: 'unknown', why: /fault not observed/, isStruck: true },
  localstack: { isBuilt: false, verdict: 'not-run', why: /does not offer (rds|ecs):Describe/, isStruck: false },
};

test.concurrent.for(Object.entries(EXPECTED))(
  'a failover on $0 is judged by what was seen of it',
  { timeout: 300_000 },
  async ([name, { isBuilt, verdict, why, isStruck }], { skip, onTestFinished }) => {
    const emulator = await startEmulator(name as keyof typeof KINDS);
    if ('missing' in emulator) return skip(emulator.missing);
    onTestFinished(emulator.stop);
    const proxy = await startRecordingProxy(emulator.endpoint);
    onTestFinished(proxy.close);
    const users = await startUsersSide(proxy.endpoint);
    onTestFinished(users.stop);
    if (isBuilt) await provisionOn(emulator.endpoint, users.configPath);
    const home = testFolder();
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const ended = await kunren(
      ['rehearse', 'database-failover', '--stage', 'localstack', '--config', users.configPath, '--json'],
      {
        ...{ KUNREN_HOME: join(home, 'stages'), KUNREN_RUNS: join(home, 'runs') },
        KUNREN_DATABASE_URL: users.databaseUrl,
      },
    );
    expect(ended.code, ended.stderr).toBe(2);
    const [result] = (JSON.parse(ended.stdout) as { drills: { verdict: string; why: string }[] }).drills;
    expect(result).toMatchObject({ verdict, why: expect.stringMatching(why) });
    expect(proxy.calls.includes('RebootDBInstance')).toBe(isStruck);
  },
);
