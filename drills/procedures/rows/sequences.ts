import { type FedSequence, tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { quoteColumns, quoteTable } from '../../../probes/catalogue/quote.ts';
import type { Listed } from './missing-list.ts';
import { LEFT } from './row-table.ts';
import type { Refusal, SequenceMove } from './rows-plan.ts';
import type { Session } from './session.ts';

/** int8, int2, int4. A sequence that feeds a text is not looked after. */
const INTEGER_TYPES: ReadonlySet<number> = new Set([20, 21, 23]);

interface Position {
  readonly last: bigint;
  /** The last value was given out; else it is the next one. */
  readonly called: boolean;
}

/** The moves that are due, and the sequences that this role may not move. */
export interface SequencePlan {
  readonly moves: readonly (SequenceMove & { readonly fed: FedSequence })[];
  readonly refusals: readonly Refusal[];
}

/** Sequences that would give out again what the listed rows hold. One that is ahead already stays where it is. */
export async function sequencePlan(work: Session, all: readonly Listed[]): Promise<SequencePlan> {
  const farthest = new Map<string, { fed: FedSequence; value: bigint; table: string }>();
  for (const listed of all) {
    for (const fed of listed.sequences) {
      const value = await farthestValue(work, listed, fed);
      const name = tableLabel(fed.sequence);
      const other = farthest.get(name);
      if (value !== undefined && (other === undefined || isBeyond(value, other.value, fed)))
        farthest.set(name, { fed, value, table: listed.row.label });
    }
  }
  const moves: (SequenceMove & { fed: FedSequence })[] = [];
  const refusals: Refusal[] = [];
  for (const [sequence, { fed, value, table }] of farthest) {
    const [right] = await work.query<{ owner: boolean; select: boolean }>(
      `SELECT pg_has_role(relowner, 'usage') AS owner, has_sequence_privilege(oid, 'select') AS select
         FROM pg_class WHERE oid = $1::regclass`,
      [quoteTable(fed.sequence)],
    );
    if (right!.select) {
      const position = await positionOf(work, fed);
      if (!isBehind(position, value, fed)) continue;
      if (right!.owner) moves.push({ sequence, from: String(position.last), to: String(value), fed });
    }
    if (right!.owner) continue;
    const problem = `Sequence ${sequence} must be moved on to ${value} for rows of ${table}, and this role is not its owner.`;
    refusals.push({
      code: 'missing-right',
      table,
      problem,
      remedy: 'connect as its owner, or leave these rows out with --where.',
    });
  }
  return { moves, refusals };
}

/**
 * Moves them on, as the last step before COMMIT. ALTER SEQUENCE keeps others from taking a value until the end of the
 * transaction, so that a value read is still true when it is replaced, and makes the move part of the transaction: setval
 * alone is not.
 */
export async function moveSequences(work: Session, { moves }: SequencePlan): Promise<void> {
  for (const { fed, to } of moves) {
    await work.query(`ALTER SEQUENCE ${quoteTable(fed.sequence)} INCREMENT BY ${fed.increment}`);
    if (!isBehind(await positionOf(work, fed), BigInt(to), fed)) continue;
    await work.query('SELECT setval($1::regclass, $2)', [quoteTable(fed.sequence), to]);
  }
}

const isBeyond = (value: bigint, other: bigint, { increment }: FedSequence): boolean =>
  increment > 0n ? value > other : value < other;

const isBehind = ({ last, called }: Position, value: bigint, fed: FedSequence): boolean =>
  isBeyond(value, last, fed) || (value === last && !called);

async function positionOf(work: Session, { sequence }: FedSequence): Promise<Position> {
  const [row] = await work.query<{ last: string; called: boolean }>(
    `SELECT last_value::text AS last, is_called AS called FROM ${quoteTable(sequence)}`,
  );
  return { last: BigInt(row!.last), called: row!.called };
}

/** Of what the sequence can give out; one that starts again at its end has no farthest value. */
async function farthestValue(work: Session, { row, columns }: Listed, fed: FedSequence): Promise<bigint | undefined> {
  const type = row.production.columns.find(({ name }) => name === fed.column)?.typeOid ?? 0;
  if (!columns.includes(fed.column) || !INTEGER_TYPES.has(type)) return undefined;
  const column = quoteColumns([fed.column]);
  const [found] = await work.query<{ value: string | null }>(
    `SELECT ${fed.increment > 0n ? 'max' : 'min'}(${column})::text AS value FROM ${row.list}, pg_sequence
      WHERE ${LEFT} IS NULL AND seqrelid = $1::regclass AND NOT seqcycle AND ${column} BETWEEN seqmin AND seqmax`,
    [quoteTable(fed.sequence)],
  );
  return found!.value === null ? undefined : BigInt(found!.value);
}
