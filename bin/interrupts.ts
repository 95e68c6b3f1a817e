import { join } from 'node:path';
import { openIntents, readJournal } from '../drills/kit/journal.ts';
import { isStopRequested, STOP_WATCH_MS } from '../drills/kit/kill-switch.ts';
import { homeFolder } from '../fixtures/stages/home.ts';
import { EXIT } from './exit.ts';

/** What ends a run early: a signal, or `kunren stop` from another shell. */
export interface Interrupts {
  interrupted(): boolean;
  /** Called once for an interrupt, also for one that came before. */
  onInterrupt(cancel: () => void): void;
  /** From now on the run can be stopped from another shell, and its journal be shown. */
  watch(run: { readonly runId: string; readonly runDirectory: string }): void;
  /** Nothing more is watched. */
  end(): void;
}

/** Signals closer together than this are one key press, in milliseconds. Assumed. */
const SAME_KEY_PRESS_MS = 500;

/** The first SIGINT or SIGTERM cancels and undoes; the second says what is left and where the journal is, and gives up. */
export function listenForInterrupts(tell: (line: string) => void): Interrupts {
  let count = 0;
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let journal: string | undefined;
  const interrupt = (why: string): void => {
    count++;
    tell(`${why}: undoing …`);
    cancel?.();
  };
  const listener = (): void => {
    // A terminal's Ctrl-C may reach this process twice: by its group and through the launcher.
    if (performance.now() - lastAtMs < SAME_KEY_PRESS_MS) return;
    lastAtMs = performance.now();
    if (count === 0) interrupt('interrupted');
    else {
      for (const line of leftLines(journal)) tell(line);
      process.exit(EXIT.interrupted);
    }
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    interrupted: () => count > 0,
    onInterrupt(given) {
      cancel = given;
      if (count > 0) given();
    },
    watch({ runId, runDirectory }) {
      journal = join(runDirectory, 'journal.jsonl');
      timer = setInterval(() => {
        if (count === 0 && isStopRequested(homeFolder(), runId)) interrupt('ended by kunren stop');
      }, STOP_WATCH_MS);
    },
    end: () => clearInterval(timer),
  };
}

/** What giving up leaves, for whoever has to take it back. */
function leftLines(journal: string | undefined): string[] {
  const head = 'interrupted again: giving up; run kunren sweep to remove what is left';
  if (journal === undefined) return [head];
  const left = openIntents(readJournal(journal)).map(
    ({ intent: { call, region, parameters } }) => `left: ${call} in ${region} ${JSON.stringify(parameters)}`,
  );
  return [`${head} (journal: ${journal})`, ...(left.length > 0 ? left : ['left: nothing that is on record'])];
}
