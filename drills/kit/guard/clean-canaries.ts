import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Field } from '../../../fixtures/core/fault.ts';
import type { System } from '../../../fixtures/core/system.ts';
import { failureReason } from '../../../probes/core/answer.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import type { WriteProbeSpec } from '../../../probes/core/probe-spec.ts';
import { referenceOf, withReference } from '../../../probes/core/reference.ts';
import { exchange, freshConnection } from '../../../probes/http-transport.ts';
import { readBack } from '../../../probes/read-back.ts';
import { readLedgerFile } from '../../../probes/samples-file.ts';
import { canariesOf } from '../../procedures/canaries.ts';
import type { MadeBy } from '../../procedures/made-by.ts';
import { planProbes } from '../probing.ts';

/** How a journal names the removal of a drill's rows. */
export const REMOVE_ROWS = 'rows:remove';

const BODY_LIMIT_BYTES = 1024 * 1024;

/** How long the rest may take to be looked for, in milliseconds. Assumed: several answers' time. */
const READ_BACK_LIMIT_MS = 15_000;

/** So many requests are under way at a time: users share the service. Assumed. */
const AT_A_TIME = 4;

/** After so many failures in a row the service is taken not to remove anything now. Assumed. */
const FAILURES_MAX = 8;

const LEDGER = '.ledger.jsonl';

type Drill = Pick<Field, 'runId' | 'drillId' | 'directory' | 'system' | 'stage'>;
type CleanUp = NonNullable<System['guardRails']['canary']>['cleanUp'];

/** What marks the rows of a drill. */
export const rowsMarker = ({ runId, drillId }: Pick<Drill, 'runId' | 'drillId'>): string =>
  `kunren-${runId}-${drillId}`;

/** Journals that rows are to be removed, before the first is written: where their owner has said how. */
export async function journalRows(field: Field): Promise<void> {
  const { drillId, system } = field;
  if (system.guardRails.canary === undefined) return;
  const undo = { call: REMOVE_ROWS, parameters: { drillId, directory: resolve(field.directory) } };
  const parameters = { marker: rowsMarker(field) };
  await field.change({ call: 'rows:write', region: system.regions.primary, parameters, undo }, async () => {});
}

/**
 * Removes, by the owner's own clean-up request, each row that a drill has written or may have written, as its ledgers
 * tell. Throws when rows are found afterwards or cannot be looked for.
 */
export async function removeRows(place: MadeBy, drillId: string, directories: readonly string[]): Promise<void> {
  const cleanUp = place.system.guardRails.canary?.cleanUp;
  if (cleanUp === undefined) throw rowsLeft('guardRails.canary of the config does not say any more how to remove rows');
  // It was made before the first row was: where it is gone nobody knows what was written.
  const directory = directories.find((one) => existsSync(one));
  if (directory === undefined) throw rowsLeft(`no ledger tells which rows there are: ${directories[0]} is gone`);
  const drill = { ...place, drillId, directory };
  const left: string[] = [];
  for (const name of readdirSync(directory).filter((file) => file.endsWith(LEDGER))) {
    const problem = await removeOf(drill, cleanUp, name.slice(0, -LEDGER.length));
    if (problem !== undefined) left.push(problem);
  }
  if (left.length > 0) throw rowsLeft(left.join('; '));
}

const rowsLeft = (problem: string): KunrenError =>
  new KunrenError('rows-left', `${problem}.`, 'run kunren sweep when the service removes rows again.');

/** Resolves to what is left of the rows of a ledger and why. */
async function removeOf(drill: MadeBy & Drill, cleanUp: CleanUp, name: string): Promise<string | undefined> {
  const { entries } = readLedgerFile(join(drill.directory, `${name}${LEDGER}`));
  if (entries.length === 0) return undefined;
  const spec = writerOf(drill, name);
  const intended = entries.filter((entry) => entry.state === 'intended');
  const other = intended.find(({ n, reference }) => reference !== referenceOf(spec.marker, n));
  // To look for rows by another name is to find none.
  if (other !== undefined) return `the config describes nothing any more that writes ${other.reference}`;
  return await removeSeries(drill, cleanUp, spec, [...new Set(entries.map(({ n }) => n))]);
}

/** What wrote a ledger, as the config describes it now: a journal keeps no headers, which may be secret. */
function writerOf(drill: Drill, name: string): WriteProbeSpec {
  const probes = planProbes(drill.system, drill.stage, rowsMarker(drill)).map(({ spec }) => spec);
  const probe = probes.find((spec) => spec.kind === 'write' && spec.name === name);
  return probe?.kind === 'write' ? probe : canariesOf(drill, name).spec;
}

/** Resolves to what is left of a series and why. */
async function removeSeries(
  { signal }: MadeBy,
  cleanUp: CleanUp,
  spec: WriteProbeSpec,
  numbers: readonly number[],
): Promise<string | undefined> {
  const problems: string[] = [];
  let inARow = 0;
  const waiting = numbers.values();
  const work = async (): Promise<void> => {
    for (const n of waiting) {
      if (signal.aborted || inARow >= FAILURES_MAX) return;
      const problem = await removeRow(cleanUp, spec, referenceOf(spec.marker, n), signal);
      inARow = problem === undefined ? 0 : inARow + 1;
      if (problem !== undefined) problems.push(problem);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  const found = await readBack(spec, READ_BACK_LIMIT_MS, signal);
  if ('present' in found && found.present.length === 0) return undefined;
  const what =
    'present' in found ? `${found.present.length} rows are` : `it is not known (${found.why}) which rows are`;
  const why = problems.length > 0 ? ` (${problems[0]})` : '';
  return `${what} still there of those that begin with ${spec.marker}${why}`;
}

async function removeRow(
  { method, path }: CleanUp,
  { request, connectTo, deadlineMs }: WriteProbeSpec,
  reference: string,
  ended: AbortSignal,
): Promise<string | undefined> {
  const url = withReference(`${new URL(request.url).origin}${path}`, reference);
  const connection = freshConnection(url, connectTo);
  try {
    const headers = request.headers && { headers: request.headers };
    const signal = AbortSignal.any([ended, AbortSignal.timeout(deadlineMs)]);
    const { status } = await exchange(connection, { method, url, ...headers }, signal, BODY_LIMIT_BYTES);
    return status < 300 || status === 404 ? undefined : `${method} ${url}: HTTP ${status}`;
  } catch (error) {
    return `${method} ${url}: ${failureReason(error)}`;
  } finally {
    void connection.destroy();
  }
}
