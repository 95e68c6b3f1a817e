import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TwinHandle } from '../fixtures/core/stage.ts';
import { makeHome, removeHomeIfEmpty, stageNotePath } from '../fixtures/stages/home.ts';
import { twinLives } from '../fixtures/stages/twin.ts';
import { endTwin, startTwinStage } from '../fixtures/stages/twin-process.ts';
import { loadSystem } from '../fixtures/system-file.ts';
import { KunrenError } from '../probes/core/error.ts';

/** What a later command needs to know of the stage that is up. */
interface StageNote extends TwinHandle {
  readonly region: string;
}

/** The twin that `stage up` has started, if it lives. */
export function readNote(): StageNote | undefined {
  if (!existsSync(stageNotePath())) return undefined;
  const handle = JSON.parse(readFileSync(stageNotePath(), 'utf8')) as StageNote;
  if (twinLives(handle)) return handle;
  rmSync(stageNotePath(), { force: true });
  return undefined;
}

/** Starts a twin that lives on after the command. */
export async function stageUp(flags: { config?: string; port?: number; pace: string }): Promise<number> {
  const running = readNote();
  if (running !== undefined) {
    throw new KunrenError(
      'stage-is-up',
      `A stage is up already at ${running.endpoint}.`,
      'run kunren stage down first.',
    );
  }
  if (flags.pace !== 'fast' && flags.pace !== 'aws') {
    throw new KunrenError('unknown-pace', `There is no pace "${flags.pace}".`, 'use fast or aws.');
  }
  const loaded = await loadSystem(flags.config);
  makeHome();
  const { handle } = await startTwinStage({
    system: loaded.system,
    configDirectory: dirname(loaded.path),
    pace: flags.pace,
    seed: 1,
    owned: false,
    ...(flags.port !== undefined && { port: flags.port }),
  });
  const note: StageNote = { ...handle, region: loaded.system.regions.primary };
  writeFileSync(stageNotePath(), JSON.stringify(note));
  process.stdout.write(`${describe(note)}\n`);
  return 0;
}

/** Says which stage is up: exit 0 when one is, 2 when none. */
export async function stageStatus(flags: { json?: true }): Promise<number> {
  const handle = readNote();
  if (handle === undefined) {
    if (flags.json) process.stdout.write('{ "endpoint": null }\n');
    else process.stdout.write('no stage is up\n');
    return 2;
  }
  const { endpoint, hosts, databaseUrl, pid } = handle;
  const text = flags.json ? JSON.stringify({ endpoint, pid, hosts, databaseUrl }, null, 2) : describe(handle);
  process.stdout.write(`${text}\n`);
  return 0;
}

/** Ends the stage that is up, and all it started. */
export async function stageDown(): Promise<number> {
  const handle = readNote();
  if (handle !== undefined) await endTwin(handle);
  rmSync(stageNotePath(), { force: true });
  removeHomeIfEmpty();
  process.stdout.write(handle === undefined ? 'no stage is up\n' : `ended the stage at ${handle.endpoint}\n`);
  return 0;
}

function describe(handle: StageNote): string {
  const hosts = Object.entries(handle.hosts).map(
    ([host, at]) => `  http://${at.address}:${at.port} with Host: ${host}`,
  );
  return [
    `AWS endpoint: ${handle.endpoint} (any credentials)`,
    ...hosts,
    `database: ${handle.databaseUrl}`,
    `try: AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws --region ${handle.region} --endpoint-url ${handle.endpoint} rds describe-db-instances`,
  ].join('\n');
}
