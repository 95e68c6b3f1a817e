import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeHome, removeHomeIfEmpty } from '../fixtures/stages/home.ts';
import { startOfProcess } from '../fixtures/stages/process-identity.ts';
import { MachineHost } from '../fixtures/twin/twin-host.ts';

/** A host of the twin in a folder of its own. */
export interface BenchHost {
  readonly host: MachineHost;
  /** Ends what runs on it, and removes the folder. */
  remove(): Promise<void>;
}

export function openBenchHost(): BenchHost {
  const directory = mkdtempSync(join(makeHome(), 'stage-'));
  // By this `kunren sweep` knows whose it is, and removes it when we were killed.
  const maker = { pid: process.pid, start: startOfProcess(process.pid), owned: true };
  writeFileSync(join(directory, 'maker.json'), JSON.stringify(maker));
  const host = new MachineHost({
    accountId: '123456789012',
    directory,
    pace: 'fast',
    spoil: undefined,
    lagOverrides: {},
  });
  const remove = async (): Promise<void> => {
    await host.close();
    rmSync(directory, { recursive: true, force: true });
    removeHomeIfEmpty();
  };
  return { host, remove };
}
