import { checkScenarios, drillSpecs } from '../../drills/kit/drill-files.ts';
import { canaryConsentRule } from '../../drills/kit/guard/canary-consent.ts';
import type { DrillSpec } from '../../drills/kit/spec.ts';
import type { Place } from '../../fixtures/stages/describe.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { drillIds } from '../drill-ids.ts';
import { GUARDS } from './guard-needs.ts';
import type { Examined } from './need.ts';

/** Whether a drill can be run on this stage with this config, and if that is not sure, why. */
export interface DrillHere {
  readonly id: string;
  readonly state: 'can run' | 'not here' | 'unknown';
  readonly why: string;
}

/** Asks every drill there is, with the needs that were looked at. Nothing is called: what only a run shows is not promised. */
export async function drillsHere(place: Place, config: string, needs: readonly Examined[]): Promise<DrillHere[]> {
  const specs = await drillSpecs(drillIds());
  return [...specs].map(([id, spec]) => {
    const whyNot = refusedBy(id, spec, place, config);
    return whyNot === undefined ? { id, ...guarded(spec, needs) } : { id, state: 'not here', why: whyNot };
  });
}

/** What the config alone shows. */
function refusedBy(id: string, spec: DrillSpec, place: Place, config: string): string | undefined {
  const { system, stage } = place;
  try {
    checkScenarios(id, spec.scenarios, system, config);
    const lacks = spec.fault.unavailableOn(stage, system);
    if (lacks !== undefined) return lacks;
    canaryConsentRule({ field: place, spec });
    // What cannot be planned is not armed either: it lacks the role of FIS, which AWS alone asks for, or its template.
    if (stage.kind === 'aws' || system.fis !== undefined) spec.fault.calls?.(system);
    return undefined;
  } catch (error) {
    if (error instanceof KunrenError) return error.message;
    throw error;
  }
}

/**
 * What the guard rails would say, as far as it was seen. Which resources a drill hits, and
 * whether the system becomes whole before it, only a run shows.
 */
function guarded(spec: DrillSpec, needs: readonly Examined[]): Omit<DrillHere, 'id'> {
  const breaks = !spec.exercise && !spec.expectsNoOutage;
  const asked: string[] = [GUARDS.alarms, GUARDS.identity, GUARDS.windows, ...(breaks ? [GUARDS.tag] : [])];
  const lacking = needs.filter(({ name, state }) => asked.includes(name) && state === 'missing');
  if (lacking.length > 0) return { state: 'not here', why: `missing ${namesOf(lacking)}` };
  const mayPass: string[] = [...asked, GUARDS.whole, ...(breaks ? [GUARDS.tagged] : [])];
  const doubtful = needs.filter(({ name, state }) => mayPass.includes(name) && state !== 'ok');
  if (doubtful.length > 0) return { state: 'unknown', why: `it depends on ${namesOf(doubtful)}` };
  return { state: 'can run', why: '' };
}

const namesOf = (needs: readonly Examined[]): string => needs.map(({ name }) => name).join(', ');
