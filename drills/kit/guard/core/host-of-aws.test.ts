import { expect, test } from 'vitest';
import { isHostOfAws } from './host-of-aws.ts';

test.each([
  ['rds.ap-northeast-1.amazonaws.com', true],
  ['monitoring.us-gov-west-1.amazonaws.com', true],
  ['fis-fips.us-east-1.amazonaws.com', true],
  ['sts.cn-north-1.amazonaws.com.cn', true],
  ['sts.amazonaws.com', true],
  ['ec2.ap-northeast-1.api.aws', true],
  ['vpce-0123-abc.rds.ap-northeast-1.vpce.amazonaws.com', true],
  // Without TLS anybody may have answered.
  ['http://rds.ap-northeast-1.amazonaws.com', false],
  ['127.0.0.1', false],
  ['localhost.localstack.cloud', false],
  ['amazonaws.com.evil.example', false],
  ['notamazonaws.com', false],
  // What customers run there: machines, balancers, functions, buckets, databases, services behind a VPC endpoint.
  ['ec2-203-0-113-1.ap-northeast-1.compute.amazonaws.com', false],
  ['ec2-203-0-113-1.compute-1.amazonaws.com', false],
  ['rds-1234.ap-northeast-1.elb.amazonaws.com', false],
  ['rds-1234.elb.ap-northeast-1.amazonaws.com', false],
  ['abc123.execute-api.ap-northeast-1.amazonaws.com', false],
  ['rds.s3.ap-northeast-1.amazonaws.com', false],
  ['rds.s3.amazonaws.com', false],
  ['db.abc.ap-northeast-1.rds.amazonaws.com', false],
  ['vpce-0123-abc.vpce-svc-0123.ap-northeast-1.vpce.amazonaws.com', false],
])('%s is a host of AWS: %s', (host, is) => {
  expect(isHostOfAws(host)).toBe(is);
});
