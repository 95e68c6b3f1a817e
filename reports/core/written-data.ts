import { type DataLoss, dataLoss } from '../../probes/core/data-loss.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { LedgerEntry } from '../../probes/core/ledger.ts';
import type { RangeMs } from '../../probes/core/sample.ts';
import type { DrillEvidence, ProbeEvidence } from './evidence.ts';
import { dataDueAtMs } from './exercise.ts';
import type { ProbeFinding } from './probe-finding.ts';
import { type Judgement, judgeRange } from './verdict.ts';

/** What became of all acknowledged writes of a drill, over every probe that writes. */
export interface WrittenData {
  readonly acknowledged: number;
  readonly indeterminate: number;
  /** Acknowledged and absent; `null` when it was not read back. */
  readonly lost: number | null;
  readonly lossMs: RangeMs | null;
  /** Why it is not known whether writes were lost. */
  readonly problem: string | null;
}

/** Reads every ledger, or those of one kind, against what was read back; `null` when no such probe writes. */
export function writtenData(
  evidence: DrillEvidence,
  findings: readonly ProbeFinding[],
  only?: 'write' | 'canary',
): WrittenData | null {
  const asked = findings.filter(({ probe }) => only === undefined || probe.kind === only);
  const writers = asked.flatMap((finding) => writtenBy(evidence, finding) ?? []);
  if (writers.length === 0) return null;
  return writers.reduce((a, b) => ({
    acknowledged: a.acknowledged + b.acknowledged,
    indeterminate: a.indeterminate + b.indeterminate,
    // What one probe is known to have lost stays lost, even when another could not be read.
    lost: a.lost === null && b.lost === null ? null : (a.lost ?? 0) + (b.lost ?? 0),
    lossMs: wider(a.lossMs, b.lossMs),
    problem: a.problem ?? b.problem,
  }));
}

/** What became of the writes of one probe; `null` when it writes nothing. */
function writtenBy(evidence: DrillEvidence, { probe, series }: ProbeFinding): WrittenData | null {
  return keepsLedger(probe.kind) ? ofLedger(evidence, probe, probe.kind, series.ledger) : null;
}

function keepsLedger(kind: ProbeEvidence['kind']): kind is 'write' | 'canary' {
  return kind === 'write' || kind === 'canary';
}

function ofLedger(
  evidence: DrillEvidence,
  probe: ProbeEvidence,
  kind: 'write' | 'canary',
  ledger: readonly LedgerEntry[],
): WrittenData {
  const nothing = { acknowledged: 0, indeterminate: 0, lost: null, lossMs: null };
  if (ledger.length === 0) return { ...nothing, problem: `the ledger of probe ${probe.name} is empty` };
  const readBack = evidence.readBack.find((candidate) => candidate.probe === probe.name);
  let loss: DataLoss;
  try {
    loss = dataLoss(ledger, readBack?.present ?? [], dataDueAtMs(evidence, kind));
  } catch (error) {
    if (!(error instanceof KunrenError)) throw error;
    return { ...nothing, problem: `probe ${probe.name}: ${error.problem}` };
  }
  const counts = { acknowledged: loss.acknowledged, indeterminate: loss.indeterminate };
  if (readBack?.present === undefined) {
    const why = readBack?.why ?? 'it was not tried';
    return { ...nothing, ...counts, problem: `the writes of probe ${probe.name} could not be read back: ${why}` };
  }
  const vacuous =
    loss.acknowledged === 0
      ? `no write of probe ${probe.name} was acknowledged, so none could be lost`
      : `no write of probe ${probe.name} was acknowledged before the fault, so none could be lost`;
  const problem = loss.lossMs === null ? vacuous : null;
  return { ...counts, lost: loss.lost.length, lossMs: loss.lossMs, problem };
}

function wider(a: RangeMs | null, b: RangeMs | null): RangeMs | null {
  if (a === null || b === null) return a ?? b;
  const msMax = a.msMax === null || b.msMax === null ? null : Math.max(a.msMax, b.msMax);
  return { msMin: Math.max(a.msMin, b.msMin), msMax };
}

/** Judges what became of the numbered writes among rows that were restored: nothing else shows that the rows are whole. */
export function judgeCanaries(written: WrittenData | null, limitMs: number): Judgement {
  if (written !== null) return judgeDataLoss(written, limitMs);
  return { verdict: 'unknown', why: 'data loss is not known: no numbered write was among what was restored' };
}

/** Judges data loss against a limit in ms. With a limit of zero, rows count and not time. */
export function judgeDataLoss(written: WrittenData | null, limitMs: number): Judgement {
  if (written === null) return { verdict: 'unknown', why: 'data loss is not known: no write probe' };
  const { lost, acknowledged, problem } = written;
  if (lost !== null && lost > 0) {
    const count = `${lost} of ${acknowledged} acknowledged writes were lost`;
    if (limitMs === 0) return { verdict: 'missed', why: count };
    const judgement = judgeRange('data loss', written.lossMs, limitMs);
    if (judgement.verdict !== 'met' || problem === null) return { ...judgement, why: `${count}: ${judgement.why}` };
  }
  if (problem !== null || lost === null) return { verdict: 'unknown', why: `data loss is not known: ${problem}` };
  return { verdict: 'met', why: `none of ${acknowledged} acknowledged writes was lost` };
}
