import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { KunrenError } from '../probes/core/error.ts';

export interface Load {
  readonly ratePerS: number;
  readonly forS: number;
}

/** Another program that sends requests, run as a process of its own. */
export interface LoadClient {
  readonly name: string;
  command(url: string, load: Load): readonly [program: string, ...args: string[]];
  /** How many requests were answered well, by what the program printed; `undefined` when some were not. */
  answered(output: string): number | undefined;
}

/** Sends a second's requests in one burst, where the prober spaces them evenly and wakes up for each. */
export const AUTOCANNON: LoadClient = {
  name: 'autocannon, same rate in bursts',
  command: (url, { ratePerS, forS }) => {
    const program = fileURLToPath(import.meta.resolve('autocannon'));
    return [process.execPath, program, '--json', '--overallRate', `${ratePerS}`, '--duration', `${forS}`, url];
  },
  answered: (output) => {
    const result = JSON.parse(output) as { '2xx': number; non2xx: number; errors: number };
    return result.non2xx + result.errors === 0 ? result['2xx'] : undefined;
  },
};

/** Knows no limit of its rate: the floor of what a request can cost, in C and at full speed. */
export const WRK: LoadClient = {
  name: 'wrk, full speed (it has no rate limit)',
  command: (url, { forS }) => ['wrk', '--threads', '1', '--connections', '10', '--duration', `${forS}s`, url],
  answered: (output) => {
    if (/Socket errors|Non-2xx/.test(output)) return undefined;
    const requests = /(\d+) requests in/.exec(output)?.[1];
    return requests === undefined ? undefined : Number(requests);
  },
};

/**
 * Runs the client against the server that the prober is measured with; gives its processor time per
 * request in ms, start included, and requests per second. Linux only; no other child may end meanwhile.
 */
export async function clientCost(
  client: LoadClient,
  load: Load,
): Promise<{ readonly cpuMs: number; readonly perS: number } | { readonly skipped: string }> {
  const server = new Worker(new URL('../probes/loopback-server.ts', import.meta.url), { name: 'bench server' });
  try {
    const [port] = (await once(server, 'message')) as [number];
    const [program, ...args] = client.command(`http://127.0.0.1:${port}/`, load);
    const beforeMs = childrenCpuMs();
    const output = await run(program, args);
    if (output === undefined) return { skipped: `${program} is not installed` };
    const requests = client.answered(output);
    if (requests === undefined) throw failed(program, output);
    return { cpuMs: (childrenCpuMs() - beforeMs) / requests, perS: requests / load.forS };
  } finally {
    await server.terminate();
  }
}

/** What the program printed; `undefined` when there is no such program. */
export async function run(program: string, args: readonly string[]): Promise<string | undefined> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').catch((error: NodeJS.ErrnoException) => error);
  const [output, complaint, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (end instanceof Error) {
    if (end.code === 'ENOENT') return undefined;
    throw end;
  }
  if (end[0] !== 0) throw failed(program, complaint);
  return output;
}

const failed = (program: string, said: string): KunrenError =>
  new KunrenError('bench-client-failed', `${program} failed: ${said.trim()}.`, 'run the benchmark again.');

/** Linux shows processor time in hundredths of a second, whatever the kernel's own tick (proc(5), USER_HZ). */
const MS_PER_TICK = 10;

/** Processor time of all children that have ended (fields 16 and 17 of /proc/self/stat). */
function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK;
}
