import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Stage } from '../../../fixtures/core/stage.ts';
import type { System } from '../../../fixtures/core/system.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { strangeHosts } from './core/host-of-aws.ts';
import { matchesIdentity } from './core/identity-pattern.ts';
import type { Guarded, Identity } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/** Asks STS who we are. Nothing else is called before it has answered. */
export async function askIdentity({ field }: Guarded): Promise<Identity> {
  const { sts } = clientsOf(field.stage, field.system.regions.primary);
  const { Account: account = 'unknown', Arn: arn = 'unknown' } = await sts.send(new GetCallerIdentityCommand({}));
  field.note('sts', `account ${account}, ${arn}`);
  return { account, arn };
}

/** A drill in a real account runs in the one that was named, by an identity that its owner has listed. */
export function accountRule({ field, context }: Guarded, { account, arn }: Identity): RuleOutcome {
  if (field.stage.kind !== 'aws') return notApplicable(`stage ${field.stage.kind}: account ${account}, ${arn}`);
  if (account !== context.account) {
    const what = `STS says account ${account}, and --account says ${context.account ?? 'nothing'}`;
    throw refusal('account', what, 'use the credentials of the account that is meant.');
  }
  checkListed(field.system, arn);
  return held(`account ${account}, ${arn}`);
}

/** Whoever works in a real account, to drill or to sweep, is one that its owner has listed. */
export function checkListed({ guardRails: { identities } }: System, arn: string): void {
  if (identities === undefined) {
    const what = 'guardRails.identities of the config lists nobody who may drill';
    throw refusal('account', what, `list who may, e.g. ${arn}.`);
  }
  if (!matchesIdentity(arn, identities)) {
    const what = `${arn} is none of guardRails.identities (${identities.join(', ')})`;
    throw refusal('account', what, 'run it as one that is listed there, or have its owner list this one.');
  }
}

/** Where calls of stage aws went that AWS itself did not answer, in words; `undefined` when it has answered all. */
export function notOfAws({ kind, calls }: Stage): string | undefined {
  const strange = kind === 'aws' ? strangeHosts(calls.hosts) : [];
  return strange.length === 0 ? undefined : `calls of stage aws went to ${strange.join(', ')}, which is no host of AWS`;
}

/**
 * Before anything is changed: all that was asked until then was answered by AWS itself. An endpoint that stands in for it
 * would let its numbers pass for evidence.
 */
export function checkAnsweredByAws({ field: { stage } }: Pick<Guarded, 'field'>): void {
  const what = notOfAws(stage);
  if (what === undefined) return;
  throw refusal('account', what, 'unset AWS_ENDPOINT_URL and those of single services, or use --stage localstack.');
}
