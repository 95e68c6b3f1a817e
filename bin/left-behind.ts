import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Living processes that work in the folder or were started with that KUNREN_HOME. Linux only: none elsewhere. */
export function processesOfHome(folder: string): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => livesIn(pid, folder));
}

function livesIn(pid: number, folder: string): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0];
    if (state === 'Z') return false;
    if (readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) return true;
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`KUNREN_HOME=${folder}`);
  } catch {
    return false; // It ended meanwhile, or is none of ours.
  }
}
