/** A line of the benchmark's table. */
export interface BenchRow {
  readonly name: string;
  /** With its unit, or why it was not measured. */
  readonly measured: string;
  /** Absent where nothing was promised: the number stands for comparison. */
  readonly target?: string;
  /** Absent with the target, and when it was not measured. */
  readonly met?: boolean;
}

/** A part of the benchmark, which can be chosen by its name. */
export interface BenchPart {
  readonly name: string;
  /** It takes minutes: measured only when it is named. */
  readonly onlyByName?: boolean;
  /** Each line as soon as it is known. */
  measure(): AsyncIterable<BenchRow>;
}

/** Digits such that a number just over its limit is not printed as the limit. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
export const milliseconds = (ms: number): string => `${ms.toFixed(3)} ms`;
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
/** Of one measurement to another. */
export const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;

/** A number that must not be over `limit`; both in what `text` takes. */
export const atMost = (name: string, value: number, limit: number, text: (value: number) => string): BenchRow => ({
  name,
  measured: text(value),
  target: `≤ ${text(limit)}`,
  met: value <= limit,
});

export const notMeasured = (name: string, reason: string): BenchRow => ({ name, measured: `not measured: ${reason}` });

/** One line; the columns are fixed, so that each can be printed as soon as it is known. */
export function rowLine({ name, measured, target = '', met }: BenchRow): string {
  const verdict = met === undefined ? '' : met ? 'ok' : 'over';
  return [name.padEnd(66), measured.padEnd(34), target.padEnd(13), verdict].join('  ').trimEnd();
}
