import { mkdirSync } from 'node:fs';
import type { ArmedFault, Field, Proof } from '../../fixtures/core/fault.ts';
import { patienceOf } from '../../fixtures/core/patience.ts';
import { randomFrom } from '../../fixtures/core/random.ts';
import { machineClock } from '../../probes/clock.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { type Prober, startProber } from '../../probes/prober.ts';
import type { Check, DrillEvidence } from '../../reports/core/evidence.ts';
import { Book } from '../procedures/book.ts';
import { callsFile } from './calls-file.ts';
import { carryOut } from './carry-out.ts';
import { evidenceOf } from './compose-evidence.ts';
import { giveUp } from './early-end.ts';
import { journalRows, rowsMarker } from './guard/clean-canaries.ts';
import { checkGuardRails, checkStillHeld } from './guard/preflight.ts';
import { whileWatched } from './guard/stop-watch.ts';
import { hurtService } from './hurt-service.ts';
import { takeInventory } from './inventory.ts';
import { type PlannedProbe, planProbes, stableAnswersOf } from './probing.ts';
import { readBackWrites } from './read-back-writes.ts';
import { DrillNotes } from './record.ts';
import { recover } from './recover.ts';
import type { DrillContext, Running } from './running.ts';
import type { DrillSpec, Facts, StepOutcome } from './spec.ts';
import { askFunctions, holdSteady } from './steady.ts';
import { truthSince } from './truth-since.ts';
import { undo, undoBegun } from './undo.ts';

/**
 * Runs a drill through its phases, in the one order there is, and returns its evidence. Judges
 * nothing. Whatever happens after the fault was armed, it is undone; an early end is recorded in
 * the evidence (`undecided`), never thrown, so that what was measured until then is kept.
 */
export async function runDrill(spec: DrillSpec, context: DrillContext): Promise<DrillEvidence> {
  mkdirSync(context.directory, { recursive: true });
  const clock = machineClock;
  const record = new DrillNotes(clock, context.progress, context.step, spec.fault.name);
  const begun = { atMs: clock.nowMs(), wall: new Date() };
  const unavailable = spec.fault.unavailableOn(context.stage, context.system);
  const book = new Book(context.restoreTo);
  const planned = planProbes(context.system, context.stage, rowsMarker(context), spec.watchesRows);
  if (unavailable !== undefined) {
    record.notRun = unavailable;
  } else {
    const prober = { current: undefined as Prober | undefined };
    const ended = new AbortController();
    const endEarly = (reason: unknown): void => ended.abort(reason);
    const signal = AbortSignal.any([context.signal, ended.signal]);
    const field = fieldOf({ ...context, signal }, record, () => userSawBad(prober.current, planned));
    try {
      const armed = await record.phase('preflight', () => checkGuardRails({ spec, context, field }, record));
      await journalRows(field);
      prober.current = await startProber({ probes: planned.map((probe) => probe.spec), directory: context.directory });
      const stableAnswers = stableAnswersOf(context.system);
      prober.current.failed.catch(endEarly);
      const running = { spec, context, field, record, book, prober: prober.current, planned, stableAnswers, endEarly };
      await drillWith(running, armed);
    } catch (error) {
      giveUp(record, error, signal);
      // A drill that got under way has undone itself.
      if (prober.current === undefined) await undoBegun(context, field, record);
    } finally {
      await prober.current?.stop().catch((error: unknown) => giveUp(record, error, signal));
    }
    await recordTruth(record, context, begun.atMs);
  }
  book.attachments.push(...callsFile(context, begun.wall));
  return evidenceOf({ spec, context, record, book, planned, begun, ended: { atMs: clock.nowMs(), wall: new Date() } });
}

/** Once the lock is held all is undone, whatever happens. */
async function drillWith(running: Running, armed: ArmedFault): Promise<void> {
  const { spec, field, record, prober } = running;
  try {
    await record.phase('steady-state', () => holdSteady(running));
    const facts = await whileWatched(running, async () => {
      await record.phase('arrange', async () => {
        await arrange(running);
        await armed.prepare?.();
      });
      return await strikeAndSettle(running, armed);
    });
    record.functions = await askFunctions(running);
    await prober.stop();
    record.readBack = await readBackWrites(running);
    const all = { ...facts, answers: countAnswers(running), functions: record.functions };
    record.checks = await Promise.all(spec.checks.map((make) => make(all)));
  } finally {
    await record.phase('undo', () => undo(running, armed));
    record.checks = [...record.steps.map(checkOfStep), ...record.checks];
    await record.phase('inventory', async () => {
      // The drill may have been ended early: its own signal has fired then.
      await takeInventory({ ...running, field: { ...field, signal: AbortSignal.timeout(field.patience.undoMs) } });
    });
  }
}

/** What must be there before the fault. Nothing is broken when it cannot be had. */
async function arrange(running: Running): Promise<void> {
  const failure = await carryOut(running, running.spec.arrange ?? []);
  if (failure === undefined) return;
  throw new KunrenError(
    'not-arranged',
    `The drill could not be prepared: ${failure}`,
    'correct this, and run it again.',
  );
}

const OUTCOMES = { done: 'yes', failed: 'no', skipped: 'unknown' } as const;

/** A step that was carried out is a checked fact. */
const checkOfStep = ({ id, name, outcome, detail }: StepOutcome): Check => ({
  ...{ id, claim: name, outcome: OUTCOMES[outcome], seen: detail },
});

/** From the fault until all was seen to be stable. */
async function strikeAndSettle(running: Running, armed: ArmedFault): Promise<Facts> {
  const { spec, field, record } = running;
  field.signal.throwIfAborted();
  await checkStillHeld(running);
  const facts = await strikeAndRecover(running, armed, field.clock.nowMs());
  await record.phase('stable', async () => {
    await field.clock.sleep(field.patience.watchMs, field.signal);
    await carryOut(running, spec.afterwards ?? []);
  });
  return facts;
}

async function strikeAndRecover(running: Running, armed: ArmedFault, injectedAtMs: number): Promise<Facts> {
  const { spec, field, record, book } = running;
  const injectedWallAt = new Date();
  const proof = spec.exercise ? practise(running, armed) : await strike(running, armed, injectedAtMs);
  await record.phase(
    'recover',
    () => recover(running, injectedAtMs),
    () => record.recoveries.at(-1)?.detail ?? '',
  );
  const { recoveries } = record;
  return { field, proof, hits: armed.hits, injectedWallAt, recoveries, answers: [], functions: [], book };
}

/** In an exercise nothing is broken, so there is nothing to prove. */
function practise({ record }: Running, { target }: ArmedFault): Proof {
  const why = 'nothing was broken: a procedure was practised';
  record.fault = { ...record.fault, proof: 'not-injected', why };
  record.note('kunren', `the procedure is practised on ${target}`);
  return { proved: false, why };
}

async function strike({ spec, record, field }: Running, armed: ArmedFault, injectedAtMs: number): Promise<Proof> {
  // An injection that is broken off may have struck: nobody may read that nothing was injected.
  const begun = { ...record.fault, injectedAtMs, proof: 'not-observed', why: 'not looked for yet' } as const;
  record.fault = { ...begun, ...hurtService(field, armed.hits) };
  await record.phase(
    'inject',
    () => armed.inject(),
    () => `${spec.fault.name}: ${armed.target}`,
  );
  record.fault = { ...record.fault, injectAnsweredAtMs: field.clock.nowMs() };
  record.note('kunren', `fault requested: ${armed.target}`, injectedAtMs);
  const proof = await record.phase(
    'prove-fault',
    () => armed.prove(),
    (seen) => seen.why,
  );
  record.fault = { ...record.fault, proof: proof.proved ? 'proved' : 'not-observed', why: proof.why };
  record.note('kunren', proof.proved ? `fault proved: ${proof.why}` : `fault not observed: ${proof.why}`);
  return proof;
}

function countAnswers({ planned, prober }: Running): Facts['answers'] {
  return planned.map(({ spec, evidence }) => {
    const samples = prober.samples(spec.name).toSorted((a, b) => a.k - b.k);
    const bad = samples.filter((sample) => sample.outcome === 'bad').length;
    const rightAtEnd = samples.length - 1 - samples.findLastIndex((sample) => sample.outcome === 'bad');
    return { probe: spec.name, kind: evidence.kind, total: samples.length, bad, rightAtEnd, samples };
  });
}

function fieldOf(context: DrillContext, record: DrillNotes, sawBadAnswer: () => boolean): Field {
  return {
    runId: context.runId,
    drillId: context.drillId,
    directory: context.directory,
    system: context.system,
    stage: context.stage,
    ...(context.via !== undefined && { via: context.via }),
    clock: machineClock,
    patience: patienceOf(context.stage.kind),
    random: randomFrom(context.seed),
    signal: context.signal,
    note: (source, text, atMs) => record.note(source, text, atMs),
    noteExperiment: (experiment) => {
      record.experiment = experiment;
    },
    warn: (text) => record.warnings.push(text),
    sawBadAnswer,
    change: (intent, make) => context.journal.change(context.drillId, intent, make),
  };
}

function userSawBad(prober: Prober | undefined, planned: readonly PlannedProbe[]): boolean {
  return planned.some((probe) => prober?.samples(probe.spec.name).some((sample) => sample.outcome === 'bad'));
}

async function recordTruth(record: DrillNotes, context: DrillContext, fromMs: number): Promise<void> {
  if (context.stage.abilities.truth === undefined) return;
  try {
    record.truth = truthSince(await context.stage.abilities.truth(), fromMs, context.system.database.id);
  } catch (error) {
    record.warnings.push(`the twin's own log could not be read: ${error instanceof Error ? error.message : error}`);
  }
}
