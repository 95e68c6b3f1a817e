import { connected, execute } from './bench-data-server.ts';
import { type DataTables, deleteSome, ROWS, SLIM_ROWS, WIDTH_FACTOR } from './bench-data-tables.ts';
import { harness, median, miscounted, type Timed, timed } from './bench-data-work.ts';
import { atMost, type BenchRow, mebibytes, notMeasured, seconds, times } from './bench-row.ts';

const ROUNDS = 3;
const DELETED = 100_000;
/** Of the table and its many times wider copy: few, so that what is read weighs more than what is written. */
const DELETED_FEW = 1_000;
const RATIO_TO_DUMP_MAX = 1;
const HARNESS_BYTES_MAX = 200 * 2 ** 20;

const count = (rows: number): string => rows.toLocaleString('en');

/** What bringing rows back takes: by their number, whether the table's width matters, and beside a dump of the whole. */
export async function* recoveryRows(tables: DataTables): AsyncGenerator<BenchRow> {
  let many: readonly Timed[] = [];
  for (const deleted of [0, DELETED_FEW, DELETED]) {
    many = await recoveries(tables, { table: 'orders', of: ROWS, rows: deleted });
    yield { name: `bring back ${count(deleted)} of ${count(ROWS)} rows`, measured: seconds(took(many)) };
  }
  yield memoryRow(`bringing back ${count(DELETED)} rows`, many);
  const [slim, wide] = [await few(tables, 'slim'), await few(tables, 'wide')];
  yield { name: `bring back ${count(DELETED_FEW)} of ${count(SLIM_ROWS)} rows`, measured: seconds(slim) };
  yield { name: `… of a table ${WIDTH_FACTOR} times as wide`, measured: `${seconds(wide)}, ${times(wide / slim)}` };
  yield* dumpRows(tables, took(many));
}

const took = (rounds: readonly Timed[]): number => median(rounds.map(({ tookMs }) => tookMs));

const few = async (tables: DataTables, table: 'slim' | 'wide'): Promise<number> =>
  took(await recoveries(tables, { table, of: SLIM_ROWS, rows: DELETED_FEW }));

async function recoveries(
  { restored, production }: DataTables,
  deletion: { readonly table: string; readonly of: number; readonly rows: number },
): Promise<Timed[]> {
  const rounds: Timed[] = [];
  while (rounds.length < ROUNDS) {
    if (deletion.rows > 0) await deleteSome(production, deletion);
    rounds.push(await harness('recover', [restored, production], deletion.table, deletion.rows));
  }
  return rounds;
}

/** Of the round that took the most, since the limit holds for all of them. */
export function memoryRow(doing: string, rounds: readonly Timed[]): BenchRow {
  const { memory } = rounds.toSorted((a, b) => (b.memory?.grownBytes ?? 0) - (a.memory?.grownBytes ?? 0))[0]!;
  if (memory === undefined) return notMeasured(`memory of the harness, ${doing}`, 'no /proc/self/status here');
  const name = `memory growth, ${doing} (to ${mebibytes(memory.peakBytes)})`;
  return atMost(name, memory.grownBytes, HARNESS_BYTES_MAX, mebibytes);
}

/** What the runbook does: the whole table, into one that was emptied for it. */
async function* dumpRows({ restored, empty }: DataTables, recoveryMs: number): AsyncGenerator<BenchRow> {
  const name = 'pg_dump -t orders --data-only | psql';
  const client = process.env['KUNREN_PG_CLIENT'];
  if (client === undefined) {
    yield notMeasured(name, 'KUNREN_PG_CLIENT names no folder with bin/psql');
    return;
  }
  const pipe = '"$0/bin/pg_dump" -t orders --data-only "$1" | "$0/bin/psql" -q -v ON_ERROR_STOP=1 "$2" >/dev/null';
  const rounds: number[] = [];
  while (rounds.length < ROUNDS) {
    await execute(empty, 'TRUNCATE orders', 'CHECKPOINT');
    rounds.push((await timed('bash', ['-o', 'pipefail', '-c', pipe, client, restored, empty])).tookMs);
    const rows = await rowsIn(empty);
    if (rows !== ROWS) throw miscounted(name, rows, ROWS);
  }
  const dumpMs = median(rounds);
  yield { name, measured: seconds(dumpMs) };
  yield atMost(`bring back ${count(DELETED)} rows / ${name}`, recoveryMs / dumpMs, RATIO_TO_DUMP_MAX, times);
}

const rowsIn = (url: string): Promise<number> =>
  connected(url, async (client) => {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM orders');
    return Number(rows[0]!.count);
  });
