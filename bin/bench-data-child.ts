// One piece of the harness's work in a process of its own, whose memory is looked at. Arguments: work, from, to, table.
import { readFileSync } from 'node:fs';
import { applyRows } from '../drills/procedures/rows/recover-rows.ts';
import { compareTables } from '../probes/integrity/compare-tables.ts';
import { withSides } from '../probes/integrity/side.ts';
import type { Done, Work } from './bench-data-work.ts';

/** In bytes; `undefined` where there is no /proc. The most it ever was, or what it is now. */
function residentBytes(line: 'VmHWM' | 'VmRSS'): number | undefined {
  try {
    const kibibytes = new RegExp(`^${line}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Number(kibibytes) * 1_024;
  } catch {
    return undefined;
  }
}

const rowsOf: { readonly [work in Work]: (from: string, to: string, table: string) => Promise<number> } = {
  recover: async (from, to, table) => {
    const { plan, inserted } = await applyRows({ from, to, tables: [table] });
    const left = plan.tables[0]!.conflicts + plan.tables[0]!.orphans + plan.refusals.length;
    if (left > 0) throw new Error(`${left} rows were left alone`);
    return inserted[0]?.rows ?? 0;
  },
  compare: (from, to, table) =>
    withSides(
      { left: { url: from, name: 'restored' }, right: { url: to, name: 'production' } },
      async (left, right) => {
        const [found] = await compareTables(left, right, [{ schema: 'public', name: table }]);
        return Number(found!.onlyLeft.count + found!.onlyRight.count + found!.differing.count);
      },
    ),
};

const [work, from, to, table] = process.argv.slice(2) as [Work, string, string, string];
const beforeBytes = residentBytes('VmRSS');
const rows = await rowsOf[work](from, to, table);
const peakBytes = residentBytes('VmHWM');
const done: Done =
  beforeBytes === undefined || peakBytes === undefined
    ? { rows }
    : { rows, memory: { peakBytes, grownBytes: peakBytes - beforeBytes } };
process.stdout.write(JSON.stringify(done));
