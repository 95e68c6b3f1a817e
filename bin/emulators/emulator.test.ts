import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { launch } from './emulator.ts';

/** Programs that stand for an emulator: this Node, told what to do. */
const bin = dirname(process.execPath);
const node = (script: string) => ({ command: ['node', '-e', script], env: () => ({}) });

const ANSWERING = (status: number): string =>
  `require('http').createServer((_, r) => r.writeHead(${status}).end()).listen(PORT, '127.0.0.1')`;

test.each([
  { what: 'ends at once', script: 'console.error("no such module"); process.exit(3)', why: /exit code 3.*no such mod/ },
  { what: 'is killed', script: 'process.kill(process.pid, "SIGKILL")', why: /killed by SIGKILL/ },
])('an emulator that is installed and $what is an error, never a reason to skip', async ({ script, why }) => {
  await expect(launch('emulator', node(script), bin)).rejects.toThrow(why);
});

test('an emulator whose program is missing is an error', async () => {
  const nothing = { command: ['no-such-program'], env: () => ({}) };
  await expect(launch('emulator', nothing, bin)).rejects.toThrow(/does not run: .*ENOENT/);
});

test('an emulator that refuses its setting is an error, and is ended', async () => {
  const settings = { path: '/settings', body: {} };
  const pid = `console.log(process.pid); ${ANSWERING(404)}`;
  const error = await launch('emulator', { ...node(pid), settings }, bin).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: expect.stringMatching(/it refuses \/settings\. It wrote: \d+$/) });
  const [, started = ''] = /wrote: (\d+)$/.exec((error as Error).message) ?? [];
  expect(() => process.kill(Number(started), 0)).toThrow('ESRCH');
});

test('an emulator that answers is there until it is stopped', async () => {
  const { endpoint, stop } = await launch('emulator', node(ANSWERING(200)), bin);
  expect((await fetch(endpoint)).status).toBe(200);
  await stop();
  await expect(fetch(endpoint)).rejects.toThrow();
});
