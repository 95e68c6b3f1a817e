import { chownSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closedFolder, unprivilegedUser } from '../fixtures/twin/postgres/server-user.ts';
import { processesOfHome } from './left-behind.ts';
import { kunren, testFolder } from './run-kunren.ts';

// The other tests run as whoever started them. Where that is root, this one shows that nobody need be.

const nobody = process.getuid?.() === 0 ? unprivilegedUser(readFileSync('/etc/passwd', 'utf8')) : undefined;

function whyNot(): string | undefined {
  if (nobody === undefined) return 'not root: the other tests have shown it already';
  const closed = closedFolder(nobody, fileURLToPath(new URL('kunren.js', import.meta.url)).replace(/\/[^/]+$/, ''));
  return closed === undefined ? undefined : `${nobody.name} may not enter ${closed}`;
}

const skipped = whyNot();
if (skipped !== undefined) process.stderr.write(`skipped: a rehearsal as another user than root: ${skipped}\n`);

let home: string;
beforeEach(() => {
  home = testFolder();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test.skipIf(skipped !== undefined)('a user who is not root rehearses', { timeout: 120_000 }, async () => {
  const { uid, gid } = nobody!;
  chownSync(home, uid, gid);
  const stages = join(home, 'stages');
  const env = { HOME: home, KUNREN_HOME: stages, KUNREN_RUNS: join(home, 'runs') };
  const ended = await kunren(['rehearse', 'no-fault'], env, { uid, gid });
  expect(ended.code, ended.stderr).toBe(0);
  expect(existsSync(join(home, 'runs/latest/report.html'))).toBe(true);
  expect(existsSync(stages)).toBe(false);
  expect(processesOfHome(stages)).toEqual([]);
});
