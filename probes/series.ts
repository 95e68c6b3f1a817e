import type { Slot } from './core/coverage.ts';
import { dueAtMs, inFlightLimit, type Pace, takeTurn } from './core/pacer.ts';
import type { ProbeSpec } from './core/probe-spec.ts';
import { REFERENCES_MAX } from './core/reference.ts';
import type { Probe } from './probe.ts';

/** One probe at its pace: sends what is due, whether or not earlier questions were answered. */
export class Series {
  private readonly probe: Probe;
  private readonly pace: Pace;
  private readonly record: (slot: Slot) => void;
  private readonly limit: number;
  private readonly slotsMax: number;
  private readonly inFlight = new Set<Promise<void>>();
  private nextK = 0;

  constructor(spec: ProbeSpec, probe: Probe, t0Ms: number, record: (slot: Slot) => void) {
    this.probe = probe;
    this.pace = { t0Ms, intervalMs: spec.intervalMs };
    this.record = record;
    this.limit = inFlightLimit(spec.deadlineMs, spec.intervalMs);
    this.slotsMax = spec.kind === 'write' ? REFERENCES_MAX : Number.POSITIVE_INFINITY;
  }

  /** Sends every probe that is due by now; returns when the next one is. */
  sendDue(nowMs: number): number {
    const turn = takeTurn(this.pace, this.nextK, nowMs);
    this.nextK = turn.nextK;
    for (const k of turn.missed) this.miss(k);
    for (const k of turn.due) {
      if (this.inFlight.size >= this.limit || k >= this.slotsMax) this.miss(k);
      else this.send(k);
    }
    return turn.nextDueAtMs;
  }

  /** Resolves when every question sent has been answered or given up, each by its own deadline. */
  async finish(): Promise<void> {
    await Promise.all(this.inFlight);
    await this.probe.close();
  }

  private miss(k: number): void {
    this.record({ k, dueAtMs: dueAtMs(this.pace, k), missed: true });
  }

  private send(k: number): void {
    const question = this.probe.ask(k, dueAtMs(this.pace, k)).then((sample) => {
      this.inFlight.delete(question);
      this.record(sample);
    });
    this.inFlight.add(question);
  }
}
