import type { KunrenError } from '../../../probes/core/error.ts';
import { openWindow, wallText, windowText } from './core/maintenance-window.ts';
import type { Guarded } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/** A real system is drilled when its owner has said, or for a reason that the evidence keeps. */
export function maintenanceWindowRule(guarded: Guarded): RuleOutcome {
  const { stage, system } = guarded.field;
  const { outsideWindow } = guarded.context;
  if (stage.kind !== 'aws') return notApplicable(`stage ${stage.kind} may be drilled at any time`);
  const now = new Date();
  const at = wallText(system.timeZone, now);
  if (outsideWindow !== undefined) return { outcome: 'waived', seen: `${at}: ${outsideWindow}` };
  const closed = windowClosed(guarded, now);
  if (closed !== undefined) throw closed;
  const open = openWindow(system.guardRails.windows!, system.timeZone, now)!;
  return held(`${at} lies within ${windowText(open)}, at whose end the drill would be stopped`);
}

/** Why no drill may be under way now; `undefined` while one may. */
export function windowClosed(
  { field, context }: Pick<Guarded, 'field' | 'context'>,
  now = new Date(),
): KunrenError | undefined {
  const { stage, system } = field;
  if (stage.kind !== 'aws' || context.outsideWindow !== undefined) return undefined;
  const { windows } = system.guardRails;
  const remedy = 'wait for a window, or give a reason that goes into the evidence: --outside-window "reason".';
  if (windows === undefined) {
    return refusal('maintenance-window', 'guardRails.windows of the config names no time for drills', remedy);
  }
  if (openWindow(windows, system.timeZone, now) !== undefined) return undefined;
  const what = `it is ${wallText(system.timeZone, now)}, outside ${windows.map(windowText).join(', ')}`;
  return refusal('maintenance-window', what, remedy);
}
