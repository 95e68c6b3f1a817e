import { expect, test } from 'vitest';
import { regionsNamed } from './regions-named.ts';

test.each([
  ['shop-dr-ap-northeast-3', ['ap-northeast-3']],
  ['arn:aws:rds:us-gov-west-1:1:x eu-central-1a', ['us-gov-west-1', 'eu-central-1']],
  ['ap-northeast-1 ap-northeast-3 ap-northeast-3', ['ap-northeast-3']],
  ['my--1 step-by-2 northeast-1 https://ap-northeast-33', []],
])('%s', (text, regions) => expect(regionsNamed(text, 'ap-northeast-1')).toEqual(regions));
