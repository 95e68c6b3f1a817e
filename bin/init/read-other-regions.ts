import { CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import type { Stage } from '../../fixtures/core/stage.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { recordCalls } from '../../fixtures/stages/record-calls.ts';
import type { Found } from './core/found.ts';
import { regionsNamed } from './core/regions-named.ts';

/** The other regions that the account's stacks name, in their names, parameters and outputs. */
export async function readOtherRegions(stage: Stage, primary: string): Promise<Found['otherRegions']> {
  const settings = { ...stage.clientSettings(primary), retryMode: 'adaptive' } as const;
  const client = recordCalls(new CloudFormationClient(settings), 'cloudformation', primary, stage);
  try {
    const stacks = (await allPages(paginateDescribeStacks({ client }, {}))).flatMap(({ Stacks = [] }) => Stacks);
    const seen = new Map<string, string>();
    for (const { StackName = '', Parameters = [], Outputs = [] } of stacks) {
      // Of a value only the region's code is taken: it may be a secret.
      const values = [...Parameters.map((one) => one.ParameterValue), ...Outputs.map((one) => one.OutputValue)];
      for (const region of regionsNamed([StackName, ...values].join(' '), primary)) {
        if (!seen.has(region)) seen.set(region, `stack ${StackName}`);
      }
    }
    return [...seen].map(([region, seenIn]) => ({ region, seenIn })).sort((a, b) => (a.region < b.region ? -1 : 1));
  } finally {
    client.destroy();
  }
}
