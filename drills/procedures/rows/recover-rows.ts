import type { Catalogue } from '../../../probes/catalogue/catalogue.ts';
import { relationOf } from '../../../probes/catalogue/quote.ts';
import { readCatalogue } from '../../../probes/catalogue/read-catalogue.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { unknownCommit, wordServerError } from './core/server-error.ts';
import { familyKey, lostHeirs } from './inheritance.ts';
import { insertRows } from './insertion.ts';
import { keepsTransactions } from './lineage.ts';
import { createList, type Listed, listedTable } from './missing-list.ts';
import { refusals } from './refusals.ts';
import { type RowTable, rowTable } from './row-table.ts';
import type { Refusal, RowsOutcome, RowsPlan, RowsRequest } from './rows-plan.ts';
import { ancestorsOf, counterpart, landingPlaces, tablesAsked } from './scope.ts';
import { moveSequences } from './sequences.ts';
import type { Session } from './session.ts';
import { openSessions, type Sessions } from './sessions.ts';
import { type Survey, survey } from './survey.ts';
import { refuseChanged, resume, suspend } from './suspension.ts';
import { oidColumns, uniqueIndexes } from './table-facts.ts';

/**
 * How long production's users may have to queue behind a lock that is not granted, in milliseconds: longer, and the whole
 * is given up. Assumed: shorter than the time-outs of web requests, commonly 30 s and more.
 */
const LOCK_MS_MAX = 10_000;
/** A client that hangs while it holds locks is ended by the server after this, in milliseconds. Assumed. */
const IDLE_MS_MAX = 60_000;

/** Says what bringing the rows back would do. Changes nothing: read-only transactions on both sides. */
export function planRows(request: RowsRequest): Promise<RowsPlan> {
  return withSessions(request, async (sessions) => {
    const prepared = await prepare(sessions, request);
    if (prepared.refusals.length > 0) return refusedPlan(sessions, request, prepared.refusals);
    await sessions.target.work.query('BEGIN READ ONLY');
    return (await survey(sessions, prepared.catalogue, prepared.listed, request.where)).plan;
  });
}

/**
 * Brings back the rows that `from` has and `to` no longer has, in one transaction. What is in their way is left alone and
 * listed. Throws a KunrenError when it ends half-way: then nothing was changed, unless the error says otherwise.
 */
export function applyRows(request: RowsRequest): Promise<RowsOutcome> {
  return withSessions(request, async (sessions) => {
    const prepared = await prepare(sessions, request);
    if (prepared.refusals.length > 0) {
      return { plan: refusedPlan(sessions, request, prepared.refusals), applied: false, inserted: [] };
    }
    await beginAlone(sessions.target.work, prepared);
    const found = await survey(sessions, prepared.catalogue, prepared.listed, request.where);
    if (found.plan.refusals.length > 0) return { plan: found.plan, applied: false, inserted: [] };
    return { plan: found.plan, applied: true, inserted: await insertAll(sessions, prepared, found) };
  });
}

/** Opens and closes the connections; an end by the caller's signal or the limit is told as such. */
async function withSessions<T>(request: RowsRequest, work: (sessions: Sessions) => Promise<T>): Promise<T> {
  const { limitMs, tables } = request;
  if (tables.length === 0) throw new KunrenError('no-table', 'No table is named.', 'name one with --table.');
  const limit = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs);
  const signals = [request.signal, limit].filter((signal) => signal !== undefined);
  const signal = AbortSignal.any(signals);
  let sessions: Sessions | undefined;
  try {
    sessions = await openSessions({ ...request, signal });
    return await work(sessions);
  } catch (error) {
    if (error instanceof KunrenError && error.code === 'outcome-unknown') throw error;
    if (limit?.aborted)
      throw new KunrenError(
        'limit-exceeded',
        `It took longer than ${limitMs} ms. Nothing was changed.`,
        'give it more time, or ask for fewer rows.',
        { cause: error },
      );
    if (signal.aborted)
      throw new KunrenError(
        'interrupted',
        'It was interrupted. Nothing was changed.',
        'run the same command again: it plans anew.',
        { cause: error },
      );
    throw error;
  } finally {
    sessions?.close();
  }
}

interface Prepared {
  /** Production's. */
  readonly catalogue: Catalogue;
  readonly listed: readonly Listed[];
  readonly refusals: readonly Refusal[];
}

/** Finds the tables and refuses what can be refused without looking at a row; else creates the lists. */
async function prepare(sessions: Sessions, { tables, where }: RowsRequest): Promise<Prepared> {
  const { source, target } = sessions;
  const catalogue = await catalogueOf(target.work);
  // Not by the connection that looks up keys: barred from scans, Postgres 15 took 2 s for it, of 0.2 s in all without.
  const restored = await catalogueOf(source.scan);
  const asked = await tablesAsked(target.work, catalogue, restored, tables);
  const rows = asked.map((table, place) => rowTable(counterpart(restored, table), table, place));
  const found = [...lostHeirs(restored, rows), ...(await refusals(sessions, catalogue, rows, where))];
  if (found.length > 0) return { catalogue, listed: [], refusals: found };
  const listed: Listed[] = [];
  for (const row of rows) {
    const one = listedTable(row, await uniqueIndexes(target.work, row.production), {
      oidColumns: await oidColumns(source.rows, row.restored),
      sequences: [row.production, ...ancestorsOf(catalogue, row.production)].flatMap(({ sequences }) => sequences),
      familyKey: familyKey(catalogue, row),
      byTransaction: await keepsTransactions(sessions, { production: catalogue, restored }, row),
    });
    await createList(target.work, one);
    listed.push(one);
  }
  return { catalogue, listed, refusals: [] };
}

async function catalogueOf(session: Session): Promise<Catalogue> {
  try {
    return await readCatalogue(session.client);
  } catch (error) {
    throw wordServerError(error, session.side);
  }
}

const refusedPlan = ({ source, target }: Sessions, { where }: RowsRequest, found: readonly Refusal[]): RowsPlan => ({
  from: source.rows.label,
  to: target.work.label,
  ...(where !== undefined && { where }),
  tables: [],
  deferred: [],
  locks: [],
  sequences: [],
  refusals: found,
});

/**
 * Begins the transaction in which all happens, as the only operator at these tables. Their definitions cannot change from
 * here on; users read and write them as before, except tables without a key.
 */
async function beginAlone(work: Session, { catalogue, listed }: Prepared): Promise<void> {
  const rows = listed.map(({ row }) => row).toSorted((a, b) => (a.label < b.label ? -1 : 1));
  // Before the transaction, so that what an operator before us has committed is seen.
  for (const row of rows) await takeTurn(work, row);
  await work.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = ${LOCK_MS_MAX}`);
  for (const { key, production } of rows)
    await work.query(
      `LOCK TABLE ${relationOf(production)} IN ${key === undefined ? 'SHARE ROW EXCLUSIVE' : 'ROW EXCLUSIVE'} MODE`,
    );
  refuseChanged(landings(catalogue, rows), await catalogueOf(work));
}

async function takeTurn(work: Session, { label }: RowTable): Promise<void> {
  const [row] = await work.query<{ free: boolean }>(
    "SELECT pg_try_advisory_lock(hashtextextended('kunren recover rows ' || $1, 0)) AS free",
    [label],
  );
  if (row!.free) return;
  throw new KunrenError(
    'another-operator',
    `Somebody else is bringing back rows of ${label} just now. Nothing was changed.`,
    'wait for the other to end, then run --plan: it shows what is left to do.',
  );
}

const landings = (catalogue: Catalogue, rows: readonly RowTable[]) =>
  rows.flatMap(({ production }) => landingPlaces(catalogue, production));

async function insertAll(
  sessions: Sessions,
  { catalogue, listed: all }: Prepared,
  { listed, suspension, sequences }: Survey,
): Promise<RowsOutcome['inserted']> {
  const { work } = sessions.target;
  if (listed.length === 0) return [];
  await work.query(`SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MS_MAX}`);
  // Its locks would be in our own way.
  await sessions.target.scan.query('COMMIT');
  await suspend(work, suspension);
  const inserted: { table: string; rows: number }[] = [];
  for (const one of listed) inserted.push({ table: one.row.label, rows: await insertRows(sessions, one) });
  await resume(work, suspension);
  refuseChanged(
    landings(
      catalogue,
      all.map(({ row }) => row),
    ),
    await catalogueOf(work),
  );
  await moveSequences(work, sequences);
  try {
    await work.query('COMMIT');
  } catch (error) {
    if (error instanceof KunrenError && error.code === 'connection-lost') throw unknownCommit(error);
    throw error;
  }
  return inserted;
}
