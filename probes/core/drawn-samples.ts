import type { Sample } from './sample.ts';

/** How the drawn answers are timed, in ms. */
export interface DrawnTiming {
  readonly intervalMs: number;
  readonly goodTakesMs?: number;
  readonly slowTakesMs?: number;
  readonly badTakesMs?: number;
}

/**
 * Reads a timeline, one character per probe: `#` good, `~` slow, `.` bad, `_` missed (no sample).
 * Answers are instant unless the timing says more.
 */
export function drawnSamples(drawing: string, timing: DrawnTiming): Sample[] {
  const { intervalMs, goodTakesMs = 0, slowTakesMs = 0, badTakesMs = 0 } = timing;
  const kinds: { [mark: string]: readonly [Sample['outcome'], number] } = {
    '#': ['good', goodTakesMs],
    '~': ['slow', slowTakesMs],
    '.': ['bad', badTakesMs],
  };
  return [...drawing].flatMap((mark, k) => {
    const kind = kinds[mark];
    if (kind === undefined) return [];
    const [outcome, takesMs] = kind;
    const dueAtMs = k * intervalMs;
    return [{ k, dueAtMs, sentAtMs: dueAtMs, answeredAtMs: dueAtMs + takesMs, outcome }];
  });
}
