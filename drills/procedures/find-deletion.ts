import { type FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Field } from '../../fixtures/core/fault.ts';
import { tryUntil } from '../../fixtures/core/until.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { dataOf, dataService } from '../../fixtures/stages/system-data.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { Step } from '../kit/spec.ts';
import type { DeletionTime } from './core/restore-choice.ts';
import { inBothZones } from './core/zoned-instant.ts';
import { callsToSearchLog } from './planned-calls.ts';

/** How long the statement may have run before its line was written when the line does not say it, in milliseconds. Assumed. */
const TOOK_MS_ASSUMED = 60_000;

/**
 * Runbook, scenario 3, step 1: when were the rows deleted? Searches the service's log from the last time at which
 * nothing was missed, through every page, until the deletion is found: a line is found only some time after it was
 * written. The newest match counts.
 */
export const findDeletion: Step = {
  id: 'deletion-found',
  name: { en: 'The instant of the deletion is found in the log', ja: '誤削除の時刻をログから特定した' },
  calls: callsToSearchLog,
  async run(field, book) {
    const { patience, clock, signal, system } = field;
    const wait = { name: 'the deletion in the log', limitMs: patience.logMs, everyMs: patience.pollMs, signal };
    let why: unknown;
    const found = await tryUntil(
      clock,
      wait,
      async () => (await searchLog(field, book.begunAt)).at(-1),
      (error) => (why = error),
    );
    const { logGroup } = dataService(system);
    const { logPattern } = dataOf(system).mistake;
    if (found === undefined) {
      const because = why instanceof Error ? ` (${why.message})` : '';
      throw new KunrenError(
        'deletion-not-found',
        `No line of ${logGroup} since ${book.begunAt.toISOString()} matches ${logPattern}${because}.`,
        'correct data.mistake.logPattern, or look through the log by hand.',
      );
    }
    book.deletion = timeOf(found);
    book.restoreTo = undefined;
    return `${inBothZones(book.deletion.notAfter, system.timeZone)} in ${logGroup} (${found.logStreamName})`;
  },
};

/** All matches since, oldest first. A page may be empty and still lead to another. */
async function searchLog({ stage, system, signal }: Field, since: Date): Promise<FilteredLogEvent[]> {
  const { logs } = clientsOf(stage, system.regions.primary);
  const found: FilteredLogEvent[] = [];
  let nextToken: string | undefined;
  do {
    // Many an empty page may lie before the last one.
    signal.throwIfAborted();
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: dataService(system).logGroup,
        filterPattern: dataOf(system).mistake.logPattern,
        startTime: since.getTime(),
        nextToken,
      }),
    );
    found.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
}

/** The line was written when the statement had ended. */
function timeOf({ timestamp, message = '' }: FilteredLogEvent): DeletionTime {
  const notAfter = new Date(timestamp ?? Number.NaN);
  const tookMs = Number(/"tookMs":\s*(\d+(\.\d+)?)/.exec(message)?.[1] ?? TOOK_MS_ASSUMED);
  return { notBefore: new Date(notAfter.getTime() - Math.ceil(tookMs)), notAfter };
}
