import { join } from 'node:path';
import { failureReason } from '../../../probes/core/answer.ts';
import type { WriteProbeSpec } from '../../../probes/core/probe-spec.ts';
import { referenceOf, withReference } from '../../../probes/core/reference.ts';
import { exchange, freshConnection } from '../../../probes/http-transport.ts';
import { readBack } from '../../../probes/read-back.ts';
import { readLedgerFile } from '../../../probes/samples-file.ts';
import type { Running } from '../running.ts';

const BODY_LIMIT_BYTES = 1024 * 1024;

/** How long the rest may take to be looked for, in milliseconds. Assumed: several answers' time. */
const READ_BACK_LIMIT_MS = 15_000;

/** What wrote rows, and where its ledger lies. */
interface Writer {
  readonly spec: WriteProbeSpec;
  readonly ledgerPath: string;
}

/**
 * Removes, by the owner's own clean-up request, each row that this drill has written or may have written. Rows that are
 * found afterwards, or cannot be looked for, are left behind, and make the run red.
 */
export async function cleanCanaries(running: Running): Promise<void> {
  const { field, record, prober } = running;
  if (field.system.guardRails.canary === undefined) return;
  // What is still being written could not be removed.
  await prober.stop();
  for (const writer of writersOf(running)) {
    const problems = await removeRows(running, writer);
    const left = await readBack(writer.spec, READ_BACK_LIMIT_MS);
    if ('present' in left && left.present.length === 0) continue;
    const what = 'present' in left ? `${left.present.length} rows are` : `it is not known (${left.why}) which rows are`;
    const why = problems.length > 0 ? ` (${problems[0]})` : '';
    record.fail(`left behind: ${what} still there of those that begin with ${writer.spec.marker}${why}.`);
  }
}

function writersOf({ planned, book, context }: Running): Writer[] {
  const probes = planned.flatMap(({ spec, evidence }) =>
    spec.kind === 'write' && evidence.ledger ? [{ spec, ledgerPath: join(context.directory, evidence.ledger) }] : [],
  );
  return [...probes, ...[book.canaries, book.laterCanaries].filter((canaries) => canaries !== undefined)];
}

/** Asks for the removal of each row; resolves to what went wrong, for whoever finds rows left. */
async function removeRows(running: Running, { spec, ledgerPath }: Writer): Promise<string[]> {
  const problems: string[] = [];
  const numbers = new Set(readLedgerFile(ledgerPath).entries.map(({ n }) => n));
  for (const n of numbers) {
    const problem = await removeRow(running, spec, referenceOf(spec.marker, n));
    if (problem !== undefined) problems.push(problem);
  }
  const of = spec.name;
  running.record.note('kunren', `${of}: ${numbers.size} rows asked to be removed, ${problems.length} not as asked`);
  return problems;
}

async function removeRow(
  { field }: Running,
  { request, connectTo, deadlineMs }: WriteProbeSpec,
  reference: string,
): Promise<string | undefined> {
  const { method, path } = field.system.guardRails.canary!.cleanUp;
  const url = withReference(`${new URL(request.url).origin}${path}`, reference);
  const connection = freshConnection(url, connectTo);
  try {
    const headers = request.headers && { headers: request.headers };
    const signal = AbortSignal.timeout(deadlineMs);
    const { status } = await exchange(connection, { method, url, ...headers }, signal, BODY_LIMIT_BYTES);
    return status < 300 || status === 404 ? undefined : `${method} ${url}: HTTP ${status}`;
  } catch (error) {
    return `${method} ${url}: ${failureReason(error)}`;
  } finally {
    void connection.destroy();
  }
}
