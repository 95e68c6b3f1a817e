import { checklist } from './checklist.ts';
import { oneLine } from './one-line.ts';
import type { RunDocument } from './run-document.ts';

const NOTES = {
  ticked: '',
  no: ' (NO)',
  unknown: ' (unknown)',
  person: ' (for a person to tick)',
  'no evidence': ' (no evidence)',
} as const;

/** The runbook's checklists for a terminal, each item ticked by what its drill has seen; empty without any. */
export function checklistText(document: RunDocument): string {
  const blocks = document.drills.flatMap((drill) =>
    document.system.scenarios
      .filter(({ id, checklist: items }) => drill.evidence.scenarios.includes(id) && items.length > 0)
      .map((scenario) => {
        const items = checklist(drill, scenario).map(
          ({ text, state }) => `  ${state === 'ticked' ? '[x]' : '[ ]'} ${oneLine(text.en)}${NOTES[state]}`,
        );
        return [`${drill.result.id}: ${oneLine(scenario.title.en)}`, ...items].join('\n');
      }),
  );
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n`;
}
