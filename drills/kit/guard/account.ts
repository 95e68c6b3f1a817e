import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { isHostOfAws } from './core/host-of-aws.ts';
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
  const { identities } = field.system.guardRails;
  if (identities === undefined) {
    const what = 'guardRails.identities of the config lists nobody who may drill';
    throw refusal('account', what, `list who may, e.g. ${arn}.`);
  }
  if (!matchesIdentity(arn, identities)) {
    const what = `${arn} is none of guardRails.identities (${identities.join(', ')})`;
    throw refusal('account', what, 'run it as one that is listed there, or have its owner list this one.');
  }
  return held(`account ${account}, ${arn}`);
}

/**
 * Before anything is changed: all that was asked until then was answered by AWS itself. An endpoint that stands in for it
 * would let its numbers pass for evidence.
 */
export function checkAnsweredByAws({ field: { stage } }: Guarded): void {
  const strange = stage.kind === 'aws' ? [...stage.calls.hosts].filter((host) => !isHostOfAws(host)) : [];
  if (strange.length === 0) return;
  const what = `calls of stage aws went to ${strange.join(', ')}, which is no host of AWS`;
  throw refusal('account', what, 'unset AWS_ENDPOINT_URL and those of single services, or use --stage localstack.');
}
