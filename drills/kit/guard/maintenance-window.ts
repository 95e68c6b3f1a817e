import { openWindow, wallText, windowText } from './core/maintenance-window.ts';
import type { Guarded } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/** A real system is drilled when its owner has said, or for a reason that the evidence keeps. */
export function maintenanceWindowRule({ field, context }: Guarded): RuleOutcome {
  const { stage, system } = field;
  if (stage.kind !== 'aws') return notApplicable(`stage ${stage.kind} may be drilled at any time`);
  const now = new Date();
  const at = wallText(system.timeZone, now);
  if (context.outsideWindow !== undefined) return { outcome: 'waived', seen: `${at}: ${context.outsideWindow}` };
  const { windows } = system.guardRails;
  const remedy = 'wait for a window, or give a reason that goes into the evidence: --outside-window "reason".';
  if (windows === undefined) {
    throw refusal('maintenance-window', 'guardRails.windows of the config names no time for drills', remedy);
  }
  const open = openWindow(windows, system.timeZone, now);
  if (open === undefined) {
    throw refusal('maintenance-window', `it is ${at}, outside ${windows.map(windowText).join(', ')}`, remedy);
  }
  return held(`${at} lies within ${windowText(open)}`);
}
