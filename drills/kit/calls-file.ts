import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiCall } from '../../fixtures/core/api-call.ts';
import type { Attachment } from '../../reports/core/evidence.ts';
import type { DrillContext } from './running.ts';

const FILE = 'calls.jsonl';

/** Whether a call may have changed something, as AWS names its calls that only read. */
export const mayChange = ({ operation }: ApiCall): boolean => !/^(Describe|List|Get|BatchGet|Filter)/.test(operation);

/** Writes every call of the drill with its request id beside the evidence, which itself names only those that change something. */
export function callsFile({ stage, directory }: DrillContext, since: Date): Attachment[] {
  const calls = stage.calls.since(since.getTime());
  if (calls.length === 0) return [];
  writeFileSync(join(directory, FILE), calls.map((call) => `${JSON.stringify(call)}\n`).join(''));
  const count = calls.length;
  const title = { en: `All ${count} calls of the AWS API`, ja: `AWS API の全呼び出し（${count} 件）` };
  return [{ file: FILE, title }];
}
