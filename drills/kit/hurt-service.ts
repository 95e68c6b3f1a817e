import type { Field, Hits } from '../../fixtures/core/fault.ts';
import { drilledService } from '../../fixtures/faults/victim-task.ts';

/** The service of the tasks that a fault hurts, where it hurts nothing else; what hits more has hit all services. */
export function hurtService(field: Field, hits: Hits | undefined): { readonly service?: string } {
  if (hits === undefined || hits.tasks === 0 || hits.zones.length > 0 || hits.instances.length > 0) return {};
  return { service: drilledService(field).name };
}
