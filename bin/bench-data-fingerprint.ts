import { readCatalogue } from '../probes/catalogue/read-catalogue.ts';
import { machineClock } from '../probes/clock.ts';
import { columnsHashing } from '../probes/integrity/column-hashing.ts';
import { fingerprint } from '../probes/integrity/fingerprint.ts';
import { rowHash } from '../probes/integrity/row-hash.ts';
import { type Side, withSides } from '../probes/integrity/side.ts';
import { ROWS } from './bench-data-tables.ts';
import { median, miscounted } from './bench-data-work.ts';
import { atMost, type BenchRow, seconds, times } from './bench-row.ts';

const RATIO_MAX = 1.3;
const ROUNDS = 3;
const BARE = 'SELECT count(*), sum(hash_record_extended(t, 0)::numeric) FROM public.orders AS t';

/** The fingerprint of `orders` beside a scan that hashes each row once, in turns. */
export async function* fingerprintRows(url: string): AsyncGenerator<BenchRow> {
  const place = { url, name: 'restored' };
  const { bare, typed, exact } = await withSides({ left: place, right: place }, measure);
  const [bareMs, typedMs] = [median(bare), median(typed)];
  yield { name: 'bare scan with hash_record_extended', measured: seconds(bareMs) };
  yield { name: 'fingerprint, typed equality', measured: seconds(typedMs) };
  yield { name: 'fingerprint, exact text', measured: seconds(median(exact)) };
  yield atMost('fingerprint, typed equality / bare scan', typedMs / bareMs, RATIO_MAX, times);
}

async function measure(side: Side) {
  const table = (await readCatalogue(side.client)).tables.find(({ name }) => name === 'orders')!;
  const hashed = { table, hashing: (await columnsHashing(side)).get(table.oid)! };
  const contenders = {
    bare: () => side.client.query(BARE),
    typed: () => whole(rowHash(hashed, hashed, false)),
    exact: () => whole(rowHash(hashed, hashed, true)),
  };
  const whole = async (hash: ReturnType<typeof rowHash>): Promise<void> => {
    const { rows } = await fingerprint(side, table, hash);
    if (rows !== BigInt(ROWS)) throw miscounted('fingerprint of orders', Number(rows), ROWS);
  };
  const tookMs = { bare: [] as number[], typed: [] as number[], exact: [] as number[] };
  await contenders.bare(); // The first to read the pages would pay for it.
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['bare', 'typed', 'exact'] as const) {
      const fromMs = machineClock.nowMs();
      await contenders[name]();
      tookMs[name].push(machineClock.nowMs() - fromMs);
    }
  }
  return tookMs;
}
