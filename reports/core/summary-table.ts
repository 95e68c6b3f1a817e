import { durationText, rangeText } from './duration-text.ts';
import { judgedText } from './objective-rows.ts';
import { oneLine } from './one-line.ts';
import { reasonOf } from './overall.ts';
import type { DrillRecord, RunDocument } from './run-document.ts';
import { padColumns, textWidth } from './text-width.ts';
import { drillWarnings, runWarnings } from './warnings.ts';
import { figureText, provenanceBanner, VERDICT_WORDS } from './wording.ts';

const HEADINGS = ['', 'drill', 'verdict', 'downtime', 'recovery time', 'writes lost'];

/** The closing table for a terminal: plain text, no colour, one line of reason below each drill. */
export function summaryTable(document: RunDocument): string {
  const rows = document.drills.map(row);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(textWidth(heading), ...rows.map((cells) => textWidth(cells[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => padColumns(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = [line(HEADINGS), line(widths.map((width) => '─'.repeat(width)))];
  for (const drill of document.drills) {
    const warnings = drillWarnings(drill).map(({ en }) => `   warning: ${oneLine(en)}`);
    const { partialMsMin, partialMsMax } = drill.result.measured;
    const partial =
      partialMsMin === null || partialMsMax === 0 ? [] : [`   partly down: ${span(partialMsMin, partialMsMax)}`];
    const loss = drill.result.objectives
      .filter(({ exposure }) => exposure !== undefined)
      .map((objective) => `   data loss: ${figureText(objective, drill.evidence, 'en')}`);
    lines.push(line(row(drill)), `   ${oneLine(reasonOf(drill))}`, ...partial, ...loss, ...warnings);
  }
  if (rows.length === 0) lines.push('nothing was judged');
  const banner = provenanceBanner(document.run);
  const notes = runWarnings(document).map(({ en }) => `warning: ${oneLine(en)}`);
  lines.push('', ...(banner ? [banner.en] : []), judgedText(document).en, ...notes);
  return `${lines.join('\n')}\n`;
}

function row({ result }: DrillRecord): string[] {
  const { mark, en } = VERDICT_WORDS[result.verdict];
  const { measured } = result;
  return [
    mark,
    result.id,
    en,
    span(measured.downtimeMsMin, measured.downtimeMsMax),
    span(measured.recoveryTimeMsMin, measured.recoveryTimeMsMax),
    measured.writesLost === null ? 'not known' : `${measured.writesLost} of ${measured.writesAcknowledged ?? '?'}`,
  ];
}

/** Short, so that a row fits a terminal: what was not seen to end has no upper bound. */
function span(msMin: number | null, msMax: number | null): string {
  if (msMin !== null && msMax === null) return `at least ${durationText(msMin, 'down')}`;
  return rangeText(msMin === null ? null : { msMin, msMax });
}
