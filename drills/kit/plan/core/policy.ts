import type { PlannedCall } from '../../../../fixtures/core/planned-call.ts';

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string } };
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

interface Grant {
  readonly action: string;
  readonly resources: readonly string[];
  readonly condition: Statement['Condition'];
}

/** The tag without which nothing is deleted; as drills/procedures/made-by.ts sets it. */
const ONLY_TAGGED = { StringLike: { 'aws:ResourceTag/kunren:run': '*' } };

/** The least that lets these calls be made: each action on the resources that it is planned for, and no other. */
export function policyOf(calls: readonly PlannedCall[], account: string): Policy {
  const grants = calls.flatMap(({ call, resources, onlyTagged, needs = [] }): Grant[] => [
    { action: call, resources, condition: onlyTagged && ONLY_TAGGED },
    ...needs.map((need) => ({ ...need, condition: need.condition && { StringEquals: need.condition } })),
  ]);
  const byAction = Map.groupBy(grants, ({ action, condition }) => JSON.stringify([action, condition]));
  const single = [...byAction.values()].map(([first, ...others]) => ({
    ...first!,
    resources: resourcesOf([first!, ...others], account),
  }));
  // Actions on the same resources share a statement.
  const shared = Map.groupBy(single, ({ resources, condition }) => JSON.stringify([resources, condition]));
  const statements = [...shared.values()].map((alike) => ({
    Action: alike.map(({ action }) => action).toSorted(),
    Resource: alike[0]!.resources,
    ...(alike[0]!.condition && { Condition: alike[0]!.condition }),
  }));
  const sorted = statements.toSorted((a, b) => (a.Action[0]! < b.Action[0]! ? -1 : 1));
  return {
    Version: '2012-10-17',
    Statement: sorted.map((statement, index) => ({ Sid: `Kunren${index + 1}`, Effect: 'Allow', ...statement })),
  };
}

/** `*` holds all others. */
function resourcesOf(grants: readonly Grant[], account: string): string[] {
  const all = grants.flatMap(({ resources }) => resources.map((arn) => arn.replaceAll('{account}', account)));
  return all.includes('*') ? ['*'] : [...new Set(all)].toSorted();
}
