// The thread that asks. Nothing else of the harness runs here, so nothing else can stall it.
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { machineClock } from './clock.ts';
import type { Slot } from './core/coverage.ts';
import type { ProbeSpec } from './core/probe-spec.ts';
import { httpProbe } from './http-probe.ts';
import { type LineFile, openLineFile } from './line-file.ts';
import type { Probe } from './probe.ts';
import { Series } from './series.ts';
import { sqlProbe } from './sql-probe.ts';
import { writeProbe } from './write-probe.ts';

/** What the thread is started with. */
export interface ProberTask {
  readonly probes: readonly ProbeSpec[];
  readonly directory: string;
}

/** What it reports: that it has begun, or slots by the name of their probe. */
export type ProberReport = 'ready' | readonly (readonly [name: string, slots: readonly Slot[]])[];

/** Until the first probe is due: time for all files to be opened. */
const LEAD_MS = 20;

/**
 * On Linux a priority is a thread's own: this one goes before the work of the harness and of the
 * system it measures. Only root may ask for it; without it the prober is as punctual as the machine is idle.
 */
function goFirst(): void {
  try {
    setPriority(0, constants.priority.PRIORITY_HIGH);
  } catch {
    // Not allowed: coverage and lateness are counted all the same.
  }
}

async function probeUntilStopped(port: MessagePort, { probes, directory }: ProberTask): Promise<void> {
  goFirst();
  const stopping = new AbortController();
  port.once('message', () => stopping.abort());
  const files: LineFile[] = [];
  const open = (name: string): LineFile => {
    const file = openLineFile(join(directory, name));
    files.push(file);
    return file;
  };
  const out = new Outbox(port);
  const startAtMs = machineClock.nowMs() + LEAD_MS;
  const series = probes.map((spec, i) => {
    const samples = open(`${spec.name}.samples.jsonl`);
    const probe = probeFor(spec, open);
    // Spread over their interval, so that probes of one pace do not all fall on one instant.
    const t0Ms = startAtMs + (i * spec.intervalMs) / probes.length;
    return new Series(spec, probe, t0Ms, (slot) => out.add(spec.name, samples, slot));
  });
  port.postMessage('ready' satisfies ProberReport);
  while (!stopping.signal.aborted) {
    const nowMs = machineClock.nowMs();
    const nextAtMs = Math.min(...series.map((one) => one.sendDue(nowMs)));
    // Rejects only when it is time to stop, which the loop sees by itself.
    await machineClock.sleep(Math.max(0, nextAtMs - machineClock.nowMs()), stopping.signal).catch(() => {});
  }
  await Promise.all(series.map((one) => one.finish()));
  out.flush();
  await Promise.all(files.map((file) => file.close()));
  port.close();
}

function probeFor(spec: ProbeSpec, open: (name: string) => LineFile): Probe {
  if (spec.kind === 'http') return httpProbe(spec);
  if (spec.kind === 'sql') return sqlProbe(spec);
  const ledger = open(`${spec.name}.ledger.jsonl`);
  return writeProbe(spec, (entry) => ledger.append(entry));
}

/** Slots wait here for the end of the event loop's turn, to be written and posted together. */
class Outbox {
  private readonly port: MessagePort;
  private waiting = new Map<string, { readonly file: LineFile; readonly slots: Slot[] }>();

  constructor(port: MessagePort) {
    this.port = port;
  }

  add(name: string, file: LineFile, slot: Slot): void {
    if (this.waiting.size === 0) setImmediate(() => this.flush());
    const batch = this.waiting.get(name);
    if (batch === undefined) this.waiting.set(name, { file, slots: [slot] });
    else batch.slots.push(slot);
  }

  flush(): void {
    const batches = [...this.waiting];
    this.waiting = new Map();
    if (batches.length === 0) return;
    // One that fails (a full disk) ends the thread, and with it the drill: unrecorded samples are none.
    for (const [, { file, slots }] of batches) void file.append(...slots);
    this.port.postMessage(batches.map(([name, { slots }]) => [name, slots] as const) satisfies ProberReport);
  }
}

if (parentPort !== null) await probeUntilStopped(parentPort, workerData as ProberTask);
