import { Worker } from 'node:worker_threads';
import { machineClock } from './clock.ts';
import type { Clock } from './core/clock.ts';
import type { Slot } from './core/coverage.ts';
import { KunrenError } from './core/error.ts';
import type { ProbeSpec } from './core/probe-spec.ts';
import type { Sample } from './core/sample.ts';
import { requireSoundSpecs } from './core/sound-specs.ts';
import { ownModule } from './own-module.ts';
import type { ProberReport, ProberTask } from './prober-thread.ts';

/** How long the thread may take to begin, in ms. Assumed: fifty times what it takes on a quiet machine. */
const START_LIMIT_MS = 10_000;
/** What the thread may need beyond the longest deadline to write its files and end, in ms. Assumed. */
const STOP_GRACE_MS = 5_000;

/** Probes at work in a thread of their own. */
export interface Prober {
  /** What was answered so far, ordered by number. The same growing list at each call. */
  samples(name: string): readonly Sample[];
  /** The same with the missed slots between. */
  slots(name: string): readonly Slot[];
  /** Calls back for each sample as it arrives; returns how to end that. */
  onSample(listener: (name: string, sample: Sample) => void): () => void;
  /** Sends no more, waits for what is in flight, and ends the thread. May be called again. */
  stop(): Promise<void>;
  /** Rejects with `prober-died` when the thread ends by itself; else never settles. */
  readonly failed: Promise<never>;
}

/**
 * Starts the probes. Their samples are in `<directory>/<name>.samples.jsonl` as they happen, and the
 * ledger of a write probe in `<directory>/<name>.ledger.jsonl`; the directory must exist. The clock
 * limits the waits for the thread; the thread itself always uses the machine's.
 */
export async function startProber(options: ProberTask & { readonly clock?: Clock }): Promise<Prober> {
  const { probes, directory, clock = machineClock } = options;
  requireSoundSpecs(probes);
  const task: ProberTask = { probes, directory };
  const worker = new Worker(ownModule('./prober-thread.ts', import.meta.url), {
    workerData: task,
    name: 'prober',
    // Collections of garbage are the thread's longest pauses; with more room they are fewer.
    resourceLimits: { maxYoungGenerationSizeMb: 32 },
  });
  const log = new SampleLog(probes);
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  let stopped: Promise<void> | undefined;
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', (error) => reject(died(error)));
    worker.once('exit', () => {
      if (stopped === undefined) reject(died(new Error('it ended by itself')));
    });
  });
  failed.catch(() => {}); // Whoever awaits it learns of it; nobody has to.
  const ready = new Promise<void>((resolve) => {
    worker.on('message', (report: ProberReport) => (report === 'ready' ? resolve() : log.add(report)));
  });
  const stop = async (): Promise<void> => {
    worker.postMessage('stop');
    const limitMs = Math.max(...probes.map((spec) => spec.deadlineMs)) + STOP_GRACE_MS;
    await within(clock, limitMs, Promise.race([failed, ended]), worker);
  };
  await within(clock, START_LIMIT_MS, Promise.race([failed, ready]), worker);
  return {
    samples: (name) => log.of(name).samples,
    slots: (name) => log.of(name).slots,
    onSample: (listener) => log.listen(listener),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    failed,
  };
}

interface Recorded {
  readonly slots: Slot[];
  readonly samples: Sample[];
}

/** What the thread has reported. */
class SampleLog {
  private readonly byName: Map<string, Recorded>;
  private readonly listeners = new Set<(name: string, sample: Sample) => void>();

  constructor(probes: readonly ProbeSpec[]) {
    this.byName = new Map(probes.map((spec) => [spec.name, { slots: [], samples: [] }]));
  }

  of(name: string): Recorded {
    const recorded = this.byName.get(name);
    if (recorded !== undefined) return recorded;
    const names = [...this.byName.keys()].join(', ');
    throw new KunrenError('unknown-probe', `There is no probe "${name}".`, `Use one of: ${names}.`);
  }

  listen(listener: (name: string, sample: Sample) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  add(report: Exclude<ProberReport, 'ready'>): void {
    for (const [name, slots] of report) {
      const recorded = this.of(name);
      for (const slot of slots) {
        insertByNumber(recorded.slots, slot);
        if ('missed' in slot) continue;
        insertByNumber(recorded.samples, slot);
        for (const listener of this.listeners) listener(name, slot);
      }
    }
  }
}

/** Answers overtake each other by a few places at most, so the place is looked for from the end. */
function insertByNumber<T extends Slot>(list: T[], slot: T): void {
  let at = list.length;
  while (at > 0 && list[at - 1]!.k > slot.k) at -= 1;
  list.splice(at, 0, slot);
}

async function within(clock: Clock, limitMs: number, awaited: Promise<unknown>, worker: Worker): Promise<void> {
  const waiting = new AbortController();
  const expired = clock.sleep(limitMs, waiting.signal).then(
    () => {
      throw died(new Error(`it did not react within ${limitMs} ms`));
    },
    () => {},
  );
  try {
    await Promise.race([awaited, expired]);
  } catch (error) {
    await worker.terminate();
    throw error;
  } finally {
    waiting.abort();
  }
}

const died = (cause: Error): KunrenError =>
  new KunrenError(
    'prober-died',
    `The thread that measures failed: ${cause.message}.`,
    'Do not judge this run: see the cause, and run the drill again.',
    { cause },
  );
