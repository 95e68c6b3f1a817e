import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Stage } from '../fixtures/core/stage.ts';
import { attachStage } from '../fixtures/stages/attach-stage.ts';
import { KunrenError } from '../probes/core/error.ts';
import { EXIT } from './exit.ts';
import { configText } from './init/core/config-text.ts';
import { readAccount } from './init/read-account.ts';

export interface InitFlags {
  readonly region: string;
  readonly endpoint?: string;
  readonly database?: string;
  readonly cluster?: string;
  readonly out: string;
  readonly force?: true;
}

/** Writes a system description out of what the account tells by read-only calls. */
export async function init(flags: InitFlags): Promise<number> {
  const file = resolve(flags.out);
  // Before anything is asked, and again when it is written: who made it meanwhile keeps it.
  if (!flags.force && existsSync(file)) throw standsAlready(file);
  const { region, database, cluster } = flags;
  const wanted = { ...(database !== undefined && { database }), ...(cluster !== undefined && { cluster }) };
  const found = await readAccount({ stage: stageAt(flags.endpoint), region, ...wanted }).catch((cause) => {
    throw cause instanceof KunrenError ? cause : unreadable(flags, cause);
  });
  const text = configText(found);
  write(file, text, flags.force === true);
  const services = found.services.map(({ name }) => name).join(', ');
  process.stdout.write(
    `wrote ${file}: database ${found.database.id}, cluster ${found.cluster}, services ${services}\n`,
  );
  for (const { what, why } of found.notAsked) process.stdout.write(`not asked: ${what} (${why})\n`);
  const todos = text.split('TODO').length - 1;
  process.stdout.write(`${todos} places are marked TODO; kunren doctor --config ${flags.out} names what is missing\n`);
  return EXIT.ok;
}

const stageAt = (endpoint: string | undefined): Stage =>
  endpoint === undefined
    ? attachStage({ kind: 'aws', account: 'of the credentials' })
    : attachStage({ kind: 'localstack', endpoint, hosts: {} });

function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw standsAlready(file);
    throw new KunrenError('no-permission', `${file} cannot be written (${cause}).`, 'name another with --out FILE.', {
      cause,
    });
  }
}

/** Without the database and the cluster there is nothing to write. */
function unreadable({ region, endpoint }: InitFlags, cause: unknown): KunrenError {
  const said = String(cause).replaceAll(/\s*\n\s*/g, ' ');
  return new KunrenError(
    'account-unreadable',
    `${endpoint ?? 'AWS'} does not tell what is in ${region}: ${said}.`,
    'give credentials that may read RDS and ECS there, or correct --endpoint or --region.',
    { cause },
  );
}

const standsAlready = (file: string): KunrenError =>
  new KunrenError(
    'file-exists',
    `${file} exists already.`,
    'name another with --out FILE, or replace it with --force.',
  );
