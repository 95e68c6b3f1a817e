import { expect, test } from 'vitest';
import { isHostOfAws } from './host-of-aws.ts';

test.each([
  ['rds.ap-northeast-1.amazonaws.com', true],
  ['sts.cn-north-1.amazonaws.com.cn', true],
  ['ec2.ap-northeast-1.api.aws', true],
  ['vpce-0123-abc.rds.ap-northeast-1.vpce.amazonaws.com', true],
  ['127.0.0.1', false],
  ['localhost.localstack.cloud', false],
  ['amazonaws.com.evil.example', false],
  ['notamazonaws.com', false],
])('%s is a host of AWS: %s', (host, is) => {
  expect(isHostOfAws(host)).toBe(is);
});
