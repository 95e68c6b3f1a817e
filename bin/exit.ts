/** Exit codes beyond the verdicts' own (0 met, 1 missed, 2 unknown or not run). The worst wins: 130, 3, 1, 2. */
export const EXIT = { ok: 0, notRun: 2, harness: 3, interrupted: 130 } as const;
