import { readDrills } from '../drills/kit/drill-files.ts';
import { callsOf } from '../drills/kit/plan/core/plan.ts';
import { planText } from '../drills/kit/plan/core/plan-text.ts';
import { policyOf } from '../drills/kit/plan/core/policy.ts';
import { planOf } from '../drills/kit/plan/plan-of.ts';
import { plannedRole } from '../fixtures/core/planned-call.ts';
import type { Stage, StageKind } from '../fixtures/core/stage.ts';
import type { System } from '../fixtures/core/system.ts';
import { attachStage } from '../fixtures/stages/attach-stage.ts';
import { loadSystem } from '../fixtures/system-file.ts';
import { KunrenError } from '../probes/core/error.ts';
import { stageKind } from './doctor/stage-asked.ts';
import { requireDrills } from './drill-ids.ts';
import { EXIT } from './exit.ts';

export interface PlanFlags {
  readonly stage: string;
  readonly config?: string;
  readonly account?: string;
  readonly via?: 'fis';
  readonly json?: true;
}

/** Prints what a drill would do in an account. Asks nobody and touches nothing. Exit 2 when it would not be run there. */
export async function plan(drillId: string, flags: PlanFlags): Promise<number> {
  requireDrills([drillId]);
  const kind = stageKind(flags.stage);
  const { system, path } = await loadSystem(flags.config);
  const account = checkedAccount(flags.account);
  const [spec] = await readDrills([drillId], system, path);
  const notRun = spec!.fault.unavailableOn(stageOf(kind), system);
  const planned = planOf(drillId, spec!, withRole(system, kind), { kind, via: flags.via, notRun });
  const frame = { stage: kind, account };
  const text = flags.json ? JSON.stringify({ ...planned, ...frame }, null, 2) : planText(planned, system, frame);
  process.stdout.write(`${text}\n`);
  return notRun === undefined ? EXIT.ok : EXIT.notRun;
}

/** Prints the least policy under which these drills can be run, as IAM takes it. */
export async function iamPolicy(
  drillIds: readonly string[],
  flags: Omit<PlanFlags, 'stage' | 'json'>,
): Promise<number> {
  requireDrills(drillIds);
  const { system, path } = await loadSystem(flags.config);
  const account = checkedAccount(flags.account);
  const specs = await readDrills(drillIds, system, path);
  const calls = specs.flatMap((spec, index) =>
    callsOf(planOf(drillIds[index]!, spec, system, { kind: 'aws', via: flags.via })),
  );
  process.stdout.write(`${JSON.stringify(policyOf(calls, account), null, 2)}\n`);
  return EXIT.ok;
}

/** Only AWS asks for the role of FIS; elsewhere one is made up, as a drill does there. */
const withRole = (system: System, kind: StageKind): System =>
  kind === 'aws'
    ? system
    : { ...system, fis: system.fis ?? { roleArn: plannedRole(system.regions.primary, 'kunren-fis') } };

/** A stage to be asked what it lacks: it leads nowhere, and nothing is called on it. */
function stageOf(kind: StageKind): Stage {
  const nowhere = { endpoint: 'http://127.0.0.1', hosts: {} };
  if (kind === 'aws') return attachStage({ kind, account: '' });
  if (kind === 'localstack') return attachStage({ kind, ...nowhere });
  return attachStage({ kind, handle: { ...nowhere, directory: '', pid: 0, start: undefined, databaseUrl: '' } });
}

function checkedAccount(account = '*'): string {
  if (account === '*' || /^\d{12}$/.test(account)) return account;
  throw new KunrenError('account-invalid', `--account ${account} is no AWS account.`, 'give its 12 digits.');
}
