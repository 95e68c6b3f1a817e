import { type Catalogue, tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { differingKeys, markedRows, SHOWN_MAX } from './comparison.ts';
import { addedColumns } from './core/drift.ts';
import { cycleKeys, cycleRefusals, groupsOf } from './cycles.ts';
import { markMoved } from './inheritance.ts';
import { rowsAtOnce } from './insertion.ts';
import { type Listed, markOrphans, markTaken } from './missing-list.ts';
import { type KeyText, keyNames, keyParameters, keyValues, LEFT, type RowTable } from './row-table.ts';
import type { Refusal, RowsPlan, TablePlan } from './rows-plan.ts';
import { type ScanResult, scan } from './scan.ts';
import { landingPlaces } from './scope.ts';
import { type SequencePlan, sequencePlan } from './sequences.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { firingTriggers, locksOf, type Suspension, suspensionOf } from './suspension.ts';

/** A plan, and what carrying it out needs. */
export interface Survey {
  readonly plan: RowsPlan;
  /** In the order of insertion. */
  readonly listed: readonly Listed[];
  readonly suspension: Suspension;
  readonly sequences: SequencePlan;
}

/** Lists what is missing and finds what is in its way. Writes into the lists only. */
export async function survey(
  sessions: Sessions,
  catalogue: Catalogue,
  all: readonly Listed[],
  where: string | undefined,
): Promise<Survey> {
  const { work } = sessions.target;
  const results = new Map<Listed, ScanResult>();
  for (const listed of all) {
    results.set(listed, await scan(sessions, listed, where));
    await work.query(`ANALYZE ${listed.row.list}`);
    for (const index of listed.indexes) await markTaken(work, listed, index);
    await unmarkSame(sessions, listed);
    await markMoved(work, catalogue, listed);
  }
  await markOrphans(work, catalogue, all);

  const groups = groupsOf(catalogue, all);
  const listed = groups.flat();
  const tables: TablePlan[] = [];
  for (const one of listed) tables.push(await tablePlan(sessions, catalogue, one, results.get(one)!));
  const filled = listed.filter((_, i) => tables[i]!.toInsert > 0);
  const several = new Map<string, { several: boolean }>();
  for (const [i, { row }] of listed.entries()) {
    const { toInsert } = tables[i]!;
    if (toInsert > 0) several.set(row.label, { several: toInsert > (await rowsAtOnce(work, row)).copied });
  }
  const keys = cycleKeys(catalogue, groups, several);
  const suspension = suspensionOf(
    catalogue,
    filled.map(({ row }) => row),
    keys,
  );
  const sequences = await sequencePlan(work, filled);
  const refusals: Refusal[] = [
    ...listed.flatMap(({ row }, i) =>
      tables[i]!.toInsert > 0 ? ambiguous(row, [...results.values()][all.indexOf(listed[i]!)]!) : [],
    ),
    ...(await cycleRefusals(work, keys)),
    ...sequences.refusals,
  ];
  const plan: RowsPlan = {
    from: sessions.source.rows.label,
    to: work.label,
    ...(where !== undefined && { where }),
    tables,
    deferred: keys.map(({ table, constraint, altered }) => ({ table, constraint, altered })),
    locks: locksOf(
      suspension,
      filled.map(({ row }) => row),
    ),
    sequences: sequences.moves.map(({ sequence, from, to }) => ({ sequence, from, to })),
    refusals,
  };
  return { plan, listed: filled, suspension, sequences };
}

/**
 * Two texts may be one key (1.0 and 1.00), and a row may have come back meanwhile: of the listed rows whose own key is
 * taken, those that production holds byte for byte are no conflict.
 */
async function unmarkSame(sessions: Sessions, { row }: Listed): Promise<void> {
  if (row.key === undefined) return;
  const { work } = sessions.target;
  const names = keyNames(row);
  const keys = (await work.texts(`SELECT ${names.join(', ')} FROM ${row.list} WHERE ${LEFT} = $1`, [
    `unique ${row.key.name}`,
  ])) as KeyText[];
  const differing = new Set((await differingKeys(sessions, row, keys)).map((key) => key.join('\0')));
  const same = keys.filter((key) => !differing.has(key.join('\0')));
  if (same.length === 0) return;
  const match = names.map((name) => `l.${name} = k.${name}`).join(' AND ');
  await work.query(
    `UPDATE ${row.list} l SET ${LEFT} = 'same' FROM unnest(${keyParameters(row).join(', ')}) AS k(${names.join(', ')}) WHERE ${match}`,
    keyValues(row, same),
  );
}

async function tablePlan(
  sessions: Sessions,
  catalogue: Catalogue,
  listed: Listed,
  result: ScanResult,
): Promise<TablePlan> {
  const { row } = listed;
  const marks = await marksOf(sessions.target.work, row);
  const count = (belongs: (mark: string | null) => boolean): number =>
    marks.filter(({ mark }) => belongs(mark)).reduce((sum, { rows }) => sum + rows, 0);
  const same = count((mark) => mark === 'same');
  const taken = count((mark) => row.key !== undefined && mark === `unique ${row.key.name}`);
  const room = SHOWN_MAX - result.shown.length;
  return {
    table: row.label,
    key: row.key?.columns ?? [],
    rowsRestored: result.from,
    rowsProduction: result.to,
    same: result.from - result.listed - result.changed + same,
    missing: result.listed - same - taken,
    toInsert: count((mark) => mark === null),
    conflicts: result.changed + count((mark) => /^(unique|moved) /.test(mark ?? '')),
    orphans: count((mark) => mark?.startsWith('parent ') ?? false),
    leftAlone: [...result.shown, ...(await markedRows(sessions, listed, room))],
    notes: notesOn(catalogue, row),
  };
}

const marksOf = (work: Session, { list }: RowTable): Promise<{ mark: string | null; rows: number }[]> =>
  work.query(`SELECT ${LEFT} AS mark, count(*)::int AS rows FROM ${list} GROUP BY 1`);

function notesOn(catalogue: Catalogue, { production, restored }: RowTable): string[] {
  const notes: string[] = [];
  for (const place of landingPlaces(catalogue, production)) {
    const triggers = firingTriggers(place).map(({ name }) => name);
    if (triggers.length > 0)
      notes.push(`triggers of ${tableLabel(place)} do not fire for these rows: ${triggers.join(', ')}`);
  }
  const rules = production.rules
    .filter(({ event, enabled }) => event === 'insert' && enabled !== 'D')
    .map(({ name }) => name);
  if (rules.length > 0) notes.push(`rules do not apply, since COPY fires none: ${rules.join(', ')}`);
  const added = addedColumns(restored, production);
  if (added.length > 0) notes.push(`columns that only production has take their defaults: ${added.join(', ')}`);
  const generated = production.columns.filter((column) => column.generated !== undefined).map(({ name }) => name);
  if (generated.length > 0)
    notes.push(`Postgres computes them anew, and the results are compared: ${generated.join(', ')}`);
  return notes;
}

/** Without a key, a row that was deleted and one that was changed look alike unless production has nothing else. */
function ambiguous({ label, key }: RowTable, { extra, repeated }: ScanResult): Refusal[] {
  if (key !== undefined || (extra === 0 && repeated === 0)) return [];
  const problem =
    extra > 0
      ? `${label} has no key, and production holds ${extra} rows that the restored database does not: a row that was changed cannot be told from one that was deleted.`
      : `${label} has no key, and of ${repeated} rows production holds equal ones, yet fewer: which were deleted cannot be told.`;
  return [
    {
      code: 'rows-ambiguous',
      table: label,
      problem,
      remedy: 'add a primary key to the table, or bring these rows back by hand.',
    },
  ];
}
