import { join } from 'node:path';
import { openIntents, readJournal } from '../drills/kit/journal.ts';
import { isStopRequested, STOP_WATCH_MS } from '../drills/kit/kill-switch.ts';
import { homeFolder } from '../fixtures/stages/home.ts';
import { EXIT } from './exit.ts';

/** What ends a run early: a signal, or `kunren stop` from another shell. */
export interface Interrupts {
  interrupted(): boolean;
  /** What broke while the run was open, in words; a run that is broken is undone as well. */
  broken(): string | undefined;
  /** Called once for an interrupt, also for one that came before. */
  onInterrupt(cancel: () => void): void;
  /** Cancels once more what was interrupted: a cancelling that comes just before a drill begins may be forgotten. */
  remind(): void;
  /** From now on the run can be stopped from another shell, its journal be shown, and nothing ends it without undoing. */
  watch(run: { readonly runId: string; readonly runDirectory: string }): void;
  /** Nothing more is watched. */
  end(): void;
}

/** Signals closer together than this are one key press, in milliseconds. Assumed. */
const SAME_KEY_PRESS_MS = 500;

/** A key, a supervisor that ends its jobs, and a connection that is lost. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first signal cancels and undoes. Only another SIGINT, which a person sends, says what is left and where the
 * journal is, and gives up: supervisors send one signal after another by themselves.
 */
export function listenForInterrupts(tell: (line: string) => void): Interrupts {
  let count = 0;
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let journal: string | undefined;
  let broken: string | undefined;
  let others: NodeJS.UncaughtExceptionListener[] = [];
  const interrupt = (why: string): void => {
    count++;
    tell(`${why}: undoing …`);
    cancel?.();
  };
  const listener = (signal: NodeJS.Signals): void => {
    // A terminal's Ctrl-C may reach this process twice: by its group and through the launcher.
    if (performance.now() - lastAtMs < SAME_KEY_PRESS_MS) return;
    lastAtMs = performance.now();
    if (count === 0) interrupt('interrupted');
    else if (signal === 'SIGINT') {
      for (const line of leftLines(journal)) tell(line);
      process.exit(EXIT.interrupted);
    }
  };
  // Else it would end the process at once, while a fault may be going on.
  const onBug = (error: Error): void => {
    broken ??= error.message;
    if (count === 0) interrupt(`a bug of Kunren (${error.stack ?? error.message})`);
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, listener);
  return {
    interrupted: () => count > 0,
    broken: () => broken,
    onInterrupt(given) {
      cancel = given;
      if (count > 0) given();
    },
    remind: () => count > 0 && cancel?.(),
    watch({ runId, runDirectory }) {
      journal = join(runDirectory, 'journal.jsonl');
      others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException').on('uncaughtException', onBug);
      timer = setInterval(() => {
        if (count === 0 && isStopRequested(homeFolder(), runId)) interrupt('ended by kunren stop');
      }, STOP_WATCH_MS);
    },
    end() {
      clearInterval(timer);
      process.removeListener('uncaughtException', onBug);
      for (const other of others) process.on('uncaughtException', other);
    },
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
