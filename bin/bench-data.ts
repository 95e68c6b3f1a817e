import { comparisonRows } from './bench-data-comparison.ts';
import { fingerprintRows } from './bench-data-fingerprint.ts';
import { recoveryRows } from './bench-data-recovery.ts';
import { startDataServer } from './bench-data-server.ts';
import { makeTables } from './bench-data-tables.ts';
import { openBenchHost } from './bench-host.ts';
import type { BenchPart } from './bench-row.ts';

/** What proving and bringing back the rows of a table of some size takes, beside what others take for it. */
export const dataBench: BenchPart = {
  name: 'data',
  onlyByName: true,
  async *measure() {
    const { host, remove } = openBenchHost();
    try {
      const tables = await makeTables(await startDataServer(host));
      yield* fingerprintRows(tables.restored);
      yield* recoveryRows(tables);
      yield* comparisonRows(tables);
    } finally {
      await remove();
    }
  },
};
