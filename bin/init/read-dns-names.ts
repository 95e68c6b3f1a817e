import {
  ListResourceRecordSetsCommand,
  paginateListHostedZones,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { Stage } from '../../fixtures/core/stage.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { recordCalls } from '../../fixtures/stages/record-calls.ts';
import type { DnsName } from './core/hosts.ts';

/** Route 53 is one for all regions of a partition; its endpoint lies in this one. */
const REGION = 'us-east-1';

/** Every name in the hosted zones that leads to another name, by an alias or a CNAME. */
export async function readDnsNames(stage: Stage): Promise<DnsName[]> {
  const settings = { ...stage.clientSettings(REGION), retryMode: 'adaptive' } as const;
  const client = recordCalls(new Route53Client(settings), 'route53', REGION, stage);
  try {
    const zones = await allPages(paginateListHostedZones({ client }, {}));
    const names: DnsName[] = [];
    for (const { Id } of zones.flatMap(({ HostedZones = [] }) => HostedZones)) {
      for (const { Name, Type, AliasTarget, ResourceRecords } of await recordsOf(client, Id)) {
        const target = AliasTarget?.DNSName ?? (Type === 'CNAME' ? ResourceRecords?.[0]?.Value : undefined);
        if (Name !== undefined && target !== undefined) names.push({ name: bare(Name), leadsTo: bare(target) });
      }
    }
    return names;
  } finally {
    client.destroy();
  }
}

/** The SDK has no paginator for them. */
async function recordsOf(client: Route53Client, HostedZoneId: string | undefined): Promise<ResourceRecordSet[]> {
  const records: ResourceRecordSet[] = [];
  let from: { StartRecordName?: string; StartRecordType?: ResourceRecordSet['Type']; StartRecordIdentifier?: string };
  from = {};
  while (true) {
    const page = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...from }));
    records.push(...(page.ResourceRecordSets ?? []));
    if (page.IsTruncated !== true || page.NextRecordName === undefined) return records;
    from = {
      StartRecordName: page.NextRecordName,
      ...(page.NextRecordType !== undefined && { StartRecordType: page.NextRecordType }),
      ...(page.NextRecordIdentifier !== undefined && { StartRecordIdentifier: page.NextRecordIdentifier }),
    };
  }
}

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');
