import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineClock } from '../../probes/clock.ts';
import { pythonEnvironment } from './python.ts';

interface Kind {
  readonly packages: readonly string[];
  /** The least Python 3.x that it runs on. */
  readonly minorMin: number;
  readonly command: readonly string[];
  readonly env: (port: number) => { readonly [name: string]: string };
  /** What it is told once it answers, by an API of its own. */
  readonly settings?: { readonly path: string; readonly body: object };
}

/** Emulators of AWS that no one here wrote, as they come from PyPI. */
export const KINDS = {
  moto: {
    packages: ['moto[server]==5.2.5'],
    minorMin: 9,
    command: ['moto_server', '-H', '127.0.0.1', '-p', 'PORT'],
    // Its own setting: that many tasks of a service count as running (it starts none).
    env: () => ({ MOTO_ECS_SERVICE_RUNNING: '2' }),
    // Else a task that is described some times has stopped, whoever describes it.
    settings: {
      path: '/moto-api/state-manager/set-transition',
      body: { model_name: 'ecs::task', transition: { progression: 'time', seconds: 86_400 } },
    },
  },
  ministack: {
    packages: ['ministack==1.5.33'],
    minorMin: 10,
    command: ['ministack'],
    env: (port) => ({ BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port) }),
  },
  // The last that needs no token, with the newest of what it asks for that still goes with it.
  localstack: {
    packages: [
      ...['localstack-core[runtime]==4.14.0', 'cbor2==5.7.1', 'pyopenssl==25.3.0'],
      ...['cryptography==46.0.3', 'service_identity==24.2.0'],
    ],
    minorMin: 13,
    command: ['python', '-m', 'localstack.runtime.main'],
    env: (port) => ({
      ...{ GATEWAY_LISTEN: `127.0.0.1:${port}`, DNS_ADDRESS: '0' },
      ...{ SKIP_SSL_CERT_DOWNLOAD: '1', DISABLE_EVENTS: '1' },
    }),
  },
} as const satisfies { readonly [name: string]: Kind };

export interface Emulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** How long one may take to answer, in milliseconds. Measured: 2 s, and 15 s for LocalStack. */
const START_MS_MAX = 60_000;

/** Starts one; resolves to the reason where it cannot be installed. One that is installed and does not run is an error. */
export async function startEmulator(name: keyof typeof KINDS): Promise<Emulator | { readonly missing: string }> {
  const kind: Kind = KINDS[name];
  const environment = await pythonEnvironment(name, kind.packages, kind.minorMin);
  return 'missing' in environment ? environment : await launch(name, kind, environment.bin);
}

/** Runs an emulator on a free port of this machine. Throws, with what it wrote, when it ends before it answers. */
export async function launch(
  name: string,
  { command, env, settings }: Pick<Kind, 'command' | 'env' | 'settings'>,
  bin: string,
): Promise<Emulator> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), `kunren-${name}-`));
  const log = openSync(join(home, 'kunren.log'), 'a+');
  const [program = '', ...args] = command.map((part) => part.replace('PORT', String(port)));
  const child = spawn(join(bin, program), args, {
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env(port) },
    stdio: ['ignore', log, log],
  });
  const life: Life = { over: undefined };
  child.once('error', ({ message }) => {
    life.over = message;
  });
  child.once('exit', (code, signal) => {
    life.over = code === null ? `killed by ${signal}` : `exit code ${code}`;
  });
  const stop = async (): Promise<void> => {
    await end(child, life);
    closeSync(log);
    rmSync(home, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(endpoint, life);
    if (settings !== undefined) await set(endpoint, settings);
    return { endpoint, stop };
  } catch (error) {
    const written = readFileSync(join(home, 'kunren.log'), 'utf8').trim().slice(-WRITTEN_LENGTH_MAX);
    await stop();
    throw new Error(`${name} does not run: ${error instanceof Error ? error.message : error}. It wrote: ${written}`);
  }
}

/** How much of what an emulator wrote goes into the message. */
const WRITTEN_LENGTH_MAX = 2_000;

interface Life {
  /** How its process ended; `undefined` while it runs. */
  over: string | undefined;
}

async function untilItAnswers(endpoint: string, life: Life): Promise<void> {
  const deadlineAtMs = machineClock.nowMs() + START_MS_MAX;
  while (!(await answers(endpoint))) {
    if (life.over !== undefined) throw new Error(life.over);
    if (machineClock.nowMs() > deadlineAtMs) throw new Error(`no answer within ${START_MS_MAX} ms`);
    await machineClock.sleep(100);
  }
}

async function set(endpoint: string, { path, body }: NonNullable<Kind['settings']>): Promise<void> {
  const { ok } = await fetch(endpoint + path, { method: 'POST', body: JSON.stringify(body) });
  if (!ok) throw new Error(`it refuses ${path}`);
}

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint, { signal: AbortSignal.timeout(1_000) }).then(
    () => true,
    () => false,
  );

async function end(child: ChildProcess, life: Life): Promise<void> {
  if (life.over !== undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Taken from the machine and given back: emulators cannot be told to take any. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
