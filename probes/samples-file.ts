import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Slot } from './core/coverage.ts';
import { KunrenError } from './core/error.ts';
import type { LedgerEntry } from './core/ledger.ts';
import type { Sample } from './core/sample.ts';

const sample = z.strictObject({
  k: z.int().nonnegative(),
  dueAtMs: z.number(),
  sentAtMs: z.number(),
  answeredAtMs: z.number(),
  outcome: z.enum(['good', 'slow', 'bad']),
  reason: z.string().exactOptional(),
});
const missedSlot = z.strictObject({ k: z.int().nonnegative(), dueAtMs: z.number(), missed: z.literal(true) });
const intent = z.strictObject({
  n: z.int().nonnegative(),
  reference: z.string(),
  state: z.literal('intended'),
  atMs: z.number(),
});
const outcome = z.strictObject({
  n: z.int().nonnegative(),
  state: z.enum(['acknowledged', 'refused', 'indeterminate']),
  atMs: z.number(),
  reason: z.string().exactOptional(),
});
const slotLine: z.ZodType<Slot> = z.union([sample, missedSlot]);
const ledgerLine: z.ZodType<LedgerEntry> = z.union([intent, outcome]);

export interface RecordedSeries {
  /** Every slot, sent or missed, ordered by its number. */
  readonly slots: readonly Slot[];
  /** Those that were sent. */
  readonly samples: readonly Sample[];
  /** The last line was cut short (the prober was killed while writing) and left out. */
  readonly torn: boolean;
}

/** Reads what the prober wrote of one probe. Throws `evidence-damaged` for a line that it did not write. */
export function readSamplesFile(path: string): RecordedSeries {
  const { lines, torn } = readLines(path, slotLine);
  const slots = lines.sort((a, b) => a.k - b.k);
  return { slots, samples: slots.filter((slot): slot is Sample => !('missed' in slot)), torn };
}

/** Reads the ledger of a write probe, in the order in which it was written. */
export function readLedgerFile(path: string): { readonly entries: readonly LedgerEntry[]; readonly torn: boolean } {
  const { lines, torn } = readLines(path, ledgerLine);
  return { entries: lines, torn };
}

function readLines<T>(path: string, line: z.ZodType<T>): { lines: T[]; torn: boolean } {
  const texts = readFileSync(path, 'utf8').split('\n');
  // Each line is written with its end, so what follows the last end is a line that was cut short.
  const torn = texts.pop() !== '';
  return { lines: texts.map((text, i) => parseLine(text, line, `${path}:${i + 1}`)), torn };
}

function parseLine<T>(text: string, line: z.ZodType<T>, where: string): T {
  try {
    return line.parse(JSON.parse(text));
  } catch (error) {
    throw new KunrenError(
      'evidence-damaged',
      `${where} is not a line that the prober wrote.`,
      'Do not judge this run: run the drill again.',
      { cause: error },
    );
  }
}
