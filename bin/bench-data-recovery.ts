import { connected, execute } from './bench-data-server.ts';
import { type DataTables, type Deletion, deleteSome, ROWS, SLIM_ROWS, WIDTH_FACTOR } from './bench-data-tables.ts';
import { harness, median, miscounted, type Timed, timed } from './bench-data-work.ts';
import { atMost, type BenchRow, mebibytes, notMeasured, seconds, times } from './bench-row.ts';

const ROUNDS = 3;
const ROUNDS_OF_WIDTH = 5;
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
  yield* widthRows(tables);
  yield* dumpRows(tables, took(many));
}

const took = (rounds: readonly Timed[]): number => median(rounds.map(({ tookMs }) => tookMs));

/** In turns: such short times differ by what else the machine does. */
async function* widthRows(tables: DataTables): AsyncGenerator<BenchRow> {
  const rounds = { slim: [] as Timed[], wide: [] as Timed[] };
  while (rounds.wide.length < ROUNDS_OF_WIDTH) {
    for (const table of ['slim', 'wide'] as const)
      rounds[table].push(await recovery(tables, { table, of: SLIM_ROWS, rows: DELETED_FEW }));
  }
  const [slim, wide] = [took(rounds.slim), took(rounds.wide)];
  yield { name: `bring back ${count(DELETED_FEW)} of ${count(SLIM_ROWS)} rows`, measured: seconds(slim) };
  yield { name: `… of a table ${WIDTH_FACTOR} times as wide`, measured: `${seconds(wide)}, ${times(wide / slim)}` };
}

async function recoveries(tables: DataTables, deletion: Deletion): Promise<Timed[]> {
  const rounds: Timed[] = [];
  while (rounds.length < ROUNDS) rounds.push(await recovery(tables, deletion));
  return rounds;
}

async function recovery({ restored, production }: DataTables, deletion: Deletion): Promise<Timed> {
  const { table, rows } = deletion;
  if (rows > 0) await deleteSome(production, deletion);
  return harness('recover', [restored, production], table, rows);
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
