import { durationMs } from '../../../fixtures/core/duration.ts';
import { tryUntil } from '../../../fixtures/core/until.ts';
import { brokenOff } from '../../../fixtures/fis/core/broken-off.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { durationText } from '../../../reports/core/duration-text.ts';
import type { Running } from '../running.ts';
import { alarmStates } from './alarm-states.ts';
import { outageSoFarMs } from './core/outage-so-far.ts';
import { windowClosed } from './maintenance-window.ts';

/**
 * Does the work while it watches for what its owner has said must end a drill: ends it, and says in its record by what.
 * It looks before the work begins, so that nothing is broken while an alarm rings, and once more when it is done.
 */
export async function whileWatched<T>(running: Running, work: () => Promise<T>): Promise<T> {
  const { field } = running;
  const sinceMs = field.clock.nowMs();
  await look(running, sinceMs, field.signal);
  field.signal.throwIfAborted();
  const ended = new AbortController();
  const watching = keepLooking(running, sinceMs, AbortSignal.any([ended.signal, field.signal]));
  let answer: T;
  try {
    answer = await work();
  } finally {
    ended.abort();
    await watching;
  }
  await alarmsSeen(running);
  await look(running, sinceMs, field.signal);
  field.signal.throwIfAborted();
  return answer;
}

async function keepLooking(running: Running, sinceMs: number, signal: AbortSignal): Promise<void> {
  const { clock, patience } = running.field;
  // Alarms are asked for beside: a CloudWatch that does not answer keeps nobody from looking at the probes.
  const looks = [() => seenHere(running, sinceMs), () => ringing(running, signal)];
  await Promise.all(
    looks.map(async (look) => {
      while (!signal.aborted) {
        // An alarm of the shortest period, 10 s, rings longer than from one look to the next on any stage.
        await clock.sleep(patience.pollMs, signal).catch(() => {});
        stopBy(running, await look(), signal);
      }
    }),
  );
}

async function look(running: Running, sinceMs: number, signal: AbortSignal): Promise<void> {
  stopBy(running, seenHere(running, sinceMs) ?? (await ringing(running, signal)), signal);
}

/** What ends the drill, by what is known here. */
const seenHere = (running: Running, sinceMs: number): string | undefined =>
  overTime(running) ?? windowOver(running) ?? outageOver(running, sinceMs) ?? experimentBroken(running);

function stopBy({ field, record, endEarly }: Running, by: string | undefined, signal: AbortSignal): void {
  if (by === undefined || signal.aborted) return;
  record.stopped = { by, atMs: field.clock.nowMs() };
  record.note('kunren', `stopped by ${by}`);
  endEarly(new KunrenError('stop-condition', `The drill was stopped by ${by}.`, 'look at what the report shows.'));
}

/** The drill has taken longer than one may. */
function overTime({ field, record }: Running): string | undefined {
  const { lengthMax } = field.system.guardRails.blastRadius;
  if (lengthMax === undefined || field.clock.nowMs() - record.beganAtMs <= durationMs(lengthMax)) return undefined;
  return `blastRadius.lengthMax: the drill has taken longer than ${durationText(durationMs(lengthMax))}`;
}

/** The time that its owner has given for drills is over, or a machine that slept has not seen it end. */
function windowOver(running: Running): string | undefined {
  return windowClosed(running) && 'maintenance-window: it has closed';
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

/** FIS has broken off what had struck already: by its own stop conditions, by its safety lever or by a failure. */
function experimentBroken({ record: { fault, experiment } }: Running): string | undefined {
  const broken = fault.proof === 'proved' ? brokenOff(experiment) : undefined;
  return broken === undefined ? undefined : `AWS FIS: ${broken}`;
}

/** Where an alarm can no longer be seen when all is done, nobody knows whether it has rung: nothing is decided then. */
async function alarmsSeen({ field }: Running): Promise<void> {
  const { alarms } = field.system.guardRails.stopIf;
  if (alarms.length === 0) return;
  const { noticeMs: limitMs, pollMs: everyMs } = field.patience;
  const wait = { name: 'the alarms to be described', limitMs, everyMs, signal: field.signal };
  const seen = await tryUntil(field.clock, wait, async () => {
    const states = await alarmStates(field, alarms);
    return alarms.every((name) => states.has(name)) ? true : undefined;
  });
  if (seen) return;
  throw new KunrenError(
    'alarms-unseen',
    `When all was done not every alarm of guardRails.stopIf could be seen (${alarms.join(', ')}).`,
    'look whether they are there, and whether this identity may call cloudwatch:DescribeAlarms.',
  );
}

/** An alarm is in ALARM. That one cannot be seen is told once: the probes watch as well, and it may be seen again. */
async function ringing({ field, record }: Running, signal: AbortSignal): Promise<string | undefined> {
  const { alarms } = field.system.guardRails.stopIf;
  if (alarms.length === 0) return undefined;
  const tell = (why: string): void => {
    const warning = 'the alarms of guardRails.stopIf could not always be asked for while the drill ran';
    if (signal.aborted || record.warnings.some((text) => text.startsWith(warning))) return;
    record.warnings.push(`${warning} (${why})`);
  };
  try {
    const states = await alarmStates({ ...field, signal }, alarms);
    const ring = alarms.find((name) => states.get(name) === 'ALARM');
    if (ring !== undefined) return `stopIf.alarms: ${ring} is in ALARM`;
    const gone = alarms.filter((name) => !states.has(name));
    if (gone.length > 0) tell(`there is no alarm ${gone.join(', ')} any more`);
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
  }
  return undefined;
}
