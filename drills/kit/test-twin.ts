import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { System } from '../../fixtures/core/system.ts';
import { type RunningTwin, startTwinStage } from '../../fixtures/stages/twin-process.ts';
import { loadSystem } from '../../fixtures/system-file.ts';

/** The project's own system on a twin, in a folder of its own. */
export interface TestTwin {
  readonly home: string;
  readonly system: System;
  readonly configPath: string;
  readonly twin: RunningTwin;
  /** Ends the twin and removes the folder. */
  close(): Promise<void>;
}

/** Starts one for a file of tests; KUNREN_HOME is in its folder from then on. */
export async function startTestTwin(
  options: { readonly spoil?: string; readonly weather?: string } = {},
): Promise<TestTwin> {
  const home = mkdtempSync(join(tmpdir(), 'kunren-test-'));
  chmodSync(home, 0o755); // The user that Postgres runs as must be able to enter.
  process.env['KUNREN_HOME'] = join(home, 'stages');
  const { system, path, directory } = await loadSystem('kunren.config.ts');
  const removeHome = (): void => rmSync(home, { recursive: true, force: true });
  try {
    const twin = await startTwinStage({ system, configDirectory: directory, seed: 1, owned: true, ...options });
    const close = async (): Promise<void> => {
      await twin.stop();
      removeHome();
    };
    return { home, system, configPath: path, twin, close };
  } catch (error) {
    removeHome();
    throw error;
  }
}
