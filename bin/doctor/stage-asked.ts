import type { Stage, StageKind } from '../../fixtures/core/stage.ts';
import { attachStage } from '../../fixtures/stages/attach-stage.ts';
import { openStage } from '../../fixtures/stages/open-stage.ts';
import type { LoadedSystem } from '../../fixtures/system-file.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { readNote } from '../stage.ts';

/** Which stage is asked. */
export interface StageAsked {
  readonly stage: string;
  readonly endpoint?: string;
}

const KINDS: readonly string[] = ['twin', 'localstack', 'aws'] satisfies StageKind[];

/** The kind of stage that was named. */
export function stageKind(named: string): StageKind {
  if (KINDS.includes(named)) return named as StageKind;
  throw new KunrenError('unknown-stage', `There is no stage "${named}".`, `choose from: ${KINDS.join(', ')}.`);
}

/** The stage that was named. Nothing is started: a twin must be up already. */
export async function stageAsked({ stage: kind, endpoint }: StageAsked, loaded: LoadedSystem): Promise<Stage> {
  stageKind(kind);
  if (endpoint !== undefined && kind !== 'localstack') {
    throw new KunrenError('endpoint-unheeded', `Stage ${kind} takes no --endpoint.`, 'say --stage localstack with it.');
  }
  if (kind === 'twin') {
    const handle = readNote();
    if (handle !== undefined) return attachStage({ kind, handle });
    throw new KunrenError('no-stage', 'No twin is up.', 'run kunren stage up first.');
  }
  // Reading takes no account to be named: the credentials say which it is.
  if (kind === 'aws') return attachStage({ kind, account: 'of the credentials' });
  const { system, directory: configDirectory } = loaded;
  const opened = await openStage({
    ...{ kind: 'localstack', system, configDirectory, seed: 1 },
    ...(endpoint !== undefined && { endpoint }),
  });
  return attachStage(opened.note);
}
