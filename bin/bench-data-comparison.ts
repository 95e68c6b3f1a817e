import { join } from 'node:path';
import { memoryRow } from './bench-data-recovery.ts';
import { type DataTables, deleteSome, ROWS } from './bench-data-tables.ts';
import { harness, median, miscounted, type Timed, timed } from './bench-data-work.ts';
import { type BenchRow, notMeasured, seconds } from './bench-row.ts';

const ROUNDS = 3;
const DELETED = 1_000;
const RELADIFF_THREADS = 4;
const RELADIFF = `reladiff of all columns, ${RELADIFF_THREADS} threads`;

/** Telling which rows two databases do not share, beside another program that does so. */
export async function* comparisonRows({ restored, production }: DataTables): AsyncGenerator<BenchRow> {
  await deleteSome(production, { table: 'orders', of: ROWS, rows: DELETED });
  const rounds: Timed[] = [];
  while (rounds.length < ROUNDS) rounds.push(await harness('compare', [restored, production], 'orders', DELETED));
  yield {
    name: `comparison that finds ${DELETED.toLocaleString('en')} rows deleted`,
    measured: seconds(median(rounds.map(({ tookMs }) => tookMs))),
  };
  yield memoryRow('comparing', rounds);
  yield await reladiffRow(restored, production);
}

async function reladiffRow(restored: string, production: string): Promise<BenchRow> {
  const environment = process.env['KUNREN_RELADIFF'];
  if (environment === undefined) return notMeasured(RELADIFF, 'KUNREN_RELADIFF names no virtual environment');
  const program = join(environment, 'bin', 'reladiff');
  const options = ['--key-columns', 'id', '--columns', '%', '--stats', '--threads', `${RELADIFF_THREADS}`];
  const rounds: number[] = [];
  while (rounds.length < ROUNDS) {
    const { output, tookMs } = await timed(program, [restored, 'orders', production, 'orders', ...options]);
    // It ends with 0 when it could not even connect.
    const found = Number(/(\d+) rows exclusive to table A/.exec(output)?.[1] ?? 0);
    if (found !== DELETED) throw miscounted(RELADIFF, found, DELETED);
    rounds.push(tookMs);
  }
  return { name: RELADIFF, measured: seconds(median(rounds)) };
}
