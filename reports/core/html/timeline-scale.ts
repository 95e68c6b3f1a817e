/** From instants of the run to places on the picture. */
export interface TimeScale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly left: number;
  readonly right: number;
}

/** Where an instant lies, in the picture's own units, kept inside it. */
export function xOf({ fromMs, toMs, left, right }: TimeScale, atMs: number): number {
  const share = Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs)));
  return round(left + share * (right - left));
}

/** Two decimals: enough for a screen, and the same text on every machine. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** At most this many marks on the axis. */
const TICKS_MAX = 10;

/** Round instants for the axis, in ms after `zeroMs`: steps of 1, 2 or 5 times a power of ten seconds. */
export function ticks({ fromMs, toMs }: TimeScale, zeroMs: number): number[] {
  let stepMs = 100;
  const growth = [2, 2.5, 2];
  for (let i = 0; (toMs - fromMs) / stepMs > TICKS_MAX; i += 1) stepMs *= growth[i % growth.length] ?? 2;
  const marks: number[] = [];
  for (let n = Math.ceil((fromMs - zeroMs) / stepMs); zeroMs + n * stepMs <= toMs; n += 1) marks.push(n * stepMs);
  return marks;
}
