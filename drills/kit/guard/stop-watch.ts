import { durationMs } from '../../../fixtures/core/duration.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { durationText } from '../../../reports/core/duration-text.ts';
import type { Running } from '../running.ts';
import { alarmStates } from './alarm-states.ts';
import { outageSoFarMs } from './core/outage-so-far.ts';

/** Alarms are asked for once in this many looks at the probes: CloudWatch takes a minute to change them at best. */
const LOOKS_PER_ALARM_CALL = 5;

/** States of an experiment that did not end by itself (FIS API, ExperimentState). */
const BROKEN_OFF = new Set(['stopping', 'stopped', 'failed', 'cancelled']);

/**
 * Watches, from the fault until all was seen to be stable, for what its owner has said must end a drill: ends it, and
 * says in its record by what. Returns how the watch is ended.
 */
export function watchStopConditions(running: Running, injectedAtMs: number): { end(): Promise<void> } {
  const { field, record } = running;
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, field.signal]);
  const watch = async (): Promise<void> => {
    for (let looks = 0; !signal.aborted; looks++) {
      const own = overTime(running) ?? outageOver(running, injectedAtMs) ?? experimentBroken(running);
      const by = own ?? (await ringing(running, looks, signal));
      if (by !== undefined && !signal.aborted) {
        record.stopped = { by, atMs: field.clock.nowMs() };
        record.note('kunren', `stopped by ${by}`);
        running.endEarly(
          new KunrenError('stop-condition', `The drill was stopped by ${by}.`, 'look at what the report shows.'),
        );
        return;
      }
      await field.clock.sleep(field.patience.pollMs, signal).catch(() => {});
    }
  };
  const watched = watch();
  return {
    async end() {
      ended.abort();
      await watched;
    },
  };
}

/** The drill has taken longer than one may. */
function overTime({ field, record }: Running): string | undefined {
  const { lengthMax } = field.system.guardRails.blastRadius;
  if (lengthMax === undefined || field.clock.nowMs() - record.beganAtMs <= durationMs(lengthMax)) return undefined;
  return `blastRadius.lengthMax: the drill has taken longer than ${durationText(durationMs(lengthMax))}`;
}

/** Users have surely been without the system for longer than they may be. */
function outageOver({ field, planned, prober, stableAnswers }: Running, sinceMs: number): string | undefined {
  const { downtimeExceeds } = field.system.guardRails.stopIf;
  if (downtimeExceeds === undefined) return undefined;
  for (const { spec, evidence } of planned) {
    // What users do not ask does not count as their outage.
    if (evidence.kind === 'sql') continue;
    const ms = outageSoFarMs(prober.samples(spec.name), stableAnswers, sinceMs);
    if (ms > durationMs(downtimeExceeds)) {
      const limit = durationText(durationMs(downtimeExceeds));
      return `stopIf.downtimeExceeds: probe ${spec.name} saw an outage of ${durationText(ms)}, longer than ${limit}`;
    }
  }
  return undefined;
}

/**
 * The experiment was broken off in the account after it had struck: by its own stop conditions, or by a person. One that
 * was broken off before has proved nothing, which its fault says itself.
 */
function experimentBroken({ record }: Running): string | undefined {
  const { fault, experiment } = record;
  if (fault.proof !== 'proved' || experiment === undefined || !BROKEN_OFF.has(experiment.state)) return undefined;
  return `AWS FIS: experiment ${experiment.id} is ${experiment.state} (${experiment.reason || 'no reason given'})`;
}

/** An alarm is in ALARM. That it cannot be asked for is told once, and stops nothing: the probes watch as well. */
async function ringing({ field, record }: Running, looks: number, signal: AbortSignal): Promise<string | undefined> {
  const { alarms } = field.system.guardRails.stopIf;
  if (alarms.length === 0 || looks % LOOKS_PER_ALARM_CALL !== 0) return undefined;
  try {
    const states = await alarmStates({ ...field, signal }, alarms);
    const ring = alarms.find((name) => states.get(name) === 'ALARM');
    return ring === undefined ? undefined : `stopIf.alarms: ${ring} is in ALARM`;
  } catch (error) {
    const warning = 'the alarms of guardRails.stopIf could not always be asked for while the drill ran';
    if (!signal.aborted && !record.warnings.some((text) => text.startsWith(warning))) {
      record.warnings.push(`${warning} (${error instanceof Error ? error.message : error})`);
    }
    return undefined;
  }
}
