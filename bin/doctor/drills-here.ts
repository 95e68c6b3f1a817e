import { checkScenarios, drillSpecs } from '../../drills/kit/drill-files.ts';
import type { DrillSpec } from '../../drills/kit/spec.ts';
import type { Place } from '../../fixtures/stages/describe.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { drillIds } from '../drill-ids.ts';

/** Whether a drill can be run on this stage with this config; else why not. */
export interface DrillHere {
  readonly id: string;
  readonly whyNot: string | undefined;
}

/** Asks every drill there is. Nothing is called: what only a run shows is not promised. */
export async function drillsHere(place: Place, config: string): Promise<DrillHere[]> {
  const specs = await drillSpecs(drillIds());
  return [...specs].map(([id, spec]) => ({ id, whyNot: whyNot(id, spec, place, config) }));
}

function whyNot(id: string, spec: DrillSpec, { system, stage }: Place, config: string): string | undefined {
  try {
    checkScenarios(id, spec.scenarios, system, config);
  } catch (error) {
    if (error instanceof KunrenError) return error.message;
    throw error;
  }
  return spec.fault.unavailableOn(stage, system);
}
