import type { System } from '../../../fixtures/core/system.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import type { RunOptions } from '../run-context.ts';

const STAGES = ['twin', 'localstack', 'aws'];
const WEATHERS = ['fair', 'rough'];

/** Refuses options that do not say clearly where and what to drill, before anything is called or started. */
export function checkFlags(options: RunOptions, { name }: Pick<System, 'name'>): void {
  const { stage, weather, via, outsideWindow, spoil, endpoint } = options;
  oneOf('stage', stage, STAGES);
  if (weather !== undefined) oneOf('weather', weather, WEATHERS);
  if (via !== undefined) oneOf('via', via, ['fis']);
  if (outsideWindow?.trim() === '') throw bad('--outside-window gives no reason', 'say why, in words for the evidence');
  if (stage !== 'twin' && (weather ?? spoil) !== undefined) {
    throw bad(`--weather and --spoil are of stage twin, not ${stage}`, 'leave them out');
  }
  if (stage !== 'localstack' && endpoint !== undefined) {
    throw bad(`--endpoint is of stage localstack, not ${stage}`, 'leave it out');
  }
  if (stage === 'aws') checkMeant(options, name);
}

/** A real account is never drilled by a slip: which one and which system is said once more. */
function checkMeant({ account, confirm }: RunOptions, name: string): void {
  if (account === undefined || !/^\d{12}$/.test(account)) {
    throw bad(`--account is ${account ?? 'missing'}`, 'name the account of stage aws, e.g. --account 123456789012');
  }
  if (confirm !== name) {
    throw bad(`--confirm is ${confirm ?? 'missing'}`, `say the system's name once more: --confirm ${name}`);
  }
}

function oneOf(flag: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw bad(`--${flag} ${value} is unknown`, `use ${known.join(', ')}`);
}

const bad = (problem: string, remedy: string): KunrenError =>
  new KunrenError('flag-invalid', `${problem}.`, `${remedy}.`);
