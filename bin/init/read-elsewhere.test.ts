import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stage } from '../../fixtures/core/stage.ts';
import { attachStage } from '../../fixtures/stages/attach-stage.ts';
import { readDnsNames } from './read-dns-names.ts';
import { readOtherRegions } from './read-other-regions.ts';

// The two services that no twin has, by answers in the form of AWS's.

const R53 = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';
const alias = (name: string, to: string) =>
  `<ResourceRecordSet><Name>${name}</Name><Type>A</Type><AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>${to}</DNSName>` +
  '<EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>';
const record = (type: string, name: string, value: string) =>
  `<ResourceRecordSet><Name>${name}</Name><Type>${type}</Type><TTL>60</TTL><ResourceRecords><ResourceRecord>` +
  `<Value>${value}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>`;
const page = (sets: string, next = '<IsTruncated>false</IsTruncated>') =>
  `<ListResourceRecordSetsResponse ${R53}><ResourceRecordSets>${sets}</ResourceRecordSets>${next}<MaxItems>100</MaxItems></ListResourceRecordSetsResponse>`;
const truncated =
  '<IsTruncated>true</IsTruncated><NextRecordName>shop.example.</NextRecordName><NextRecordType>CNAME</NextRecordType>';

const ZONES = `<ListHostedZonesResponse ${R53}><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.</Name>
  <CallerReference>1</CallerReference></HostedZone></HostedZones><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesResponse>`;

const STACKS = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>
  <member><StackName>shop</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Parameters>
    <member><ParameterKey>Secret</ParameterKey><ParameterValue>hunter2 in ap-northeast-3</ParameterValue></member>
    <member><ParameterKey>Zone</ParameterKey><ParameterValue>ap-northeast-1a</ParameterValue></member></Parameters></member>
  </Stacks></DescribeStacksResult></DescribeStacksResponse>`;

let server: Server;
let stage: Stage;
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    response.setHeader('content-type', 'text/xml');
    if (url.startsWith('/2013-04-01/hostedzone/Z1/rrset')) {
      response.end(
        url.includes('name=shop.example.&type=CNAME')
          ? page(record('CNAME', 'shop.example.', 'ALB.example.com'))
          : page(alias('www.example.', 'dualstack.alb.example.com.') + record('TXT', 't.example.', 'x'), truncated),
      );
    } else response.end(url.startsWith('/2013-04-01/hostedzone') ? ZONES : STACKS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stage = attachStage({ kind: 'localstack', endpoint, hosts: {} });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('Route 53 tells which names lead to which, on every page', async () =>
  expect(await readDnsNames(stage)).toEqual([
    { name: 'www.example', leadsTo: 'dualstack.alb.example.com' },
    { name: 'shop.example', leadsTo: 'alb.example.com' },
  ]));

test('of stacks only the codes of other regions are told', async () =>
  expect(await readOtherRegions(stage, 'ap-northeast-1')).toEqual([
    { region: 'ap-northeast-3', seenIn: 'stack shop' },
  ]));
