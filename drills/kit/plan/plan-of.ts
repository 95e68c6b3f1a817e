import { durationMs } from '../../../fixtures/core/duration.ts';
import { patienceOf } from '../../../fixtures/core/patience.ts';
import type { PlannedCall } from '../../../fixtures/core/planned-call.ts';
import type { StageKind } from '../../../fixtures/core/stage.ts';
import type { System } from '../../../fixtures/core/system.ts';
import { mayWrite } from '../guard/canary-consent.ts';
import type { DrillSpec, Step } from '../spec.ts';
import { isAsked } from '../steady.ts';
import type { Plan } from './core/plan.ts';
import { eventCalls, inventoryCalls, preflightCalls, unlockCalls, wholeCalls } from './kit-calls.ts';

/** Where a planned drill would run. */
export interface PlannedOn {
  readonly kind: StageKind;
  readonly via?: 'fis' | undefined;
  /** Why it would not. */
  readonly notRun?: string | undefined;
}

/** What a drill would do, in the order of its phases. Asks nobody and touches nothing. */
export function planOf(id: string, spec: DrillSpec, system: System, { kind, via, notRun }: PlannedOn): Plan {
  const ofSteps = (steps: readonly Step[] = []): PlannedCall[] => steps.flatMap(({ calls }) => calls?.(system) ?? []);
  const faultCalls = spec.fault.calls?.(system, via) ?? [];
  const procedure = spec.procedure?.calls?.(system) ?? [];
  // A fault that is armed only looks, until all rules have held.
  const firstChange = faultCalls.findIndex(({ call }) => !isRead(call));
  const armed = faultCalls.slice(0, firstChange < 0 ? faultCalls.length : firstChange);
  const ofFault = (phase?: PlannedCall['phase']) =>
    faultCalls.slice(armed.length).filter((call) => call.phase === phase);
  return {
    drillId: id,
    title: spec.title.en,
    fault: spec.fault.name,
    ...(notRun !== undefined && { notRun }),
    phases: [
      { phase: 'preflight', calls: preflightCalls(system, armed) },
      { phase: 'arrange', calls: [...ofSteps(spec.arrange), ...ofFault('arrange')] },
      { phase: 'inject', calls: ofFault() },
      { phase: 'recover', calls: [...procedure, ...ofSteps(spec.restoration?.steps)] },
      { phase: 'stable', calls: [...wholeCalls(system), ...eventCalls(system)] },
      { phase: 'undo', calls: [...ofSteps(spec.cleanUp), ...ofFault('undo'), ...unlockCalls(system)] },
      { phase: 'inventory', calls: inventoryCalls(system) },
    ],
    besides: besides(spec, system, kind),
    expectedMs: expectedMs(spec, system, faultCalls),
    limitMs: spec.limitMs,
  };
}

const isRead = (call: string): boolean => /:(Describe|List|Get|Filter)/.test(call);

/** The steady state, the longest recovery that is promised or the fault's own length, and the watch after it. */
function expectedMs({ scenarios }: DrillSpec, system: System, faultCalls: readonly PlannedCall[]): number {
  const { steadyMs, watchMs } = patienceOf('aws');
  const promised = scenarios.map((id) => {
    const scenario = system.scenarios.find((one) => one.id === id);
    const lender = system.scenarios.find((one) => one.id === scenario?.borrows);
    const level = system.levels.find((one) => one.level === scenario?.level);
    const rto = scenario?.rto ?? lender?.rto ?? level?.rto;
    return rto === undefined ? 0 : durationMs(rto);
  });
  const lasting = faultCalls.map(({ lastsMs = 0 }) => lastsMs);
  return steadyMs + Math.max(0, ...promised, ...lasting) + watchMs;
}

/** What is sent to the system itself, beside the API of AWS. */
function besides(spec: DrillSpec, system: System, kind: StageKind): string[] {
  const { services, guardRails } = system;
  const writers = mayWrite({ kind }, system) ? services.filter(({ writes }) => writes !== undefined) : [];
  const { canary } = guardRails;
  return [
    ...services.map(({ name, host, health }) => `health probes of ${name}: GET https://${host}${health.path}`),
    ...writers.map(({ name, host, writes }) => `write probes of ${name}: ${urlOf(host, writes!.request)}`),
    ...services.flatMap(({ name, host, functions }) =>
      functions
        .filter(({ request }) => isAsked({ kind }, request))
        .map((one) => `function "${one.name.en}" of ${name}: ${urlOf(host, one.request)}`),
    ),
    ...(canary === undefined
      ? []
      : writers.map(({ name, host }) => `clean-up of each row in ${name}: ${urlOf(host, canary.cleanUp)}`)),
    ...(spec.arrange ?? [])
      .filter(({ calls }) => calls === undefined)
      .map(({ name }) => `before the fault: ${name.en}`),
    ...(spec.fault.calls === undefined && !spec.exercise && !spec.expectsNoOutage ? [`fault: ${spec.fault.name}`] : []),
  ];
}

const urlOf = (host: string, { method, path }: { readonly method: string; readonly path: string }): string =>
  `${method} https://${host}${path}`;
