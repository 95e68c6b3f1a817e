import { expect, test } from 'vitest';
import { functionsAnswer } from './checks.ts';
import type { Facts } from './spec.ts';

const asked = (outcome: 'good' | 'bad') => ({ service: 'api', name: 'search', outcome, seen: 'HTTP 500' });

test.each([
  ['all were asked and are good', 2, [asked('good'), asked('good')], 'yes', /^2 functions answered/],
  ['one is bad', 2, [asked('good'), asked('bad')], 'no', /^api: search: HTTP 500$/],
  ['one is bad and another was not asked', 2, [asked('bad')], 'no', /^api: search/],
  ['one was not asked', 2, [asked('good')], 'unknown', /^1 of 2 functions were not asked: they may write/],
  ['none was asked', 1, [], 'unknown', /^1 of 1 functions were not asked/],
  ['there are none', 0, [], 'yes', /^the config names no functions/],
] as const)(
  'that all functions answer, when %s, is told rightly',
  async (_name, configured, functions, outcome, says) => {
    const field = { system: { services: [{ functions: Array.from({ length: configured }) }] } };
    const check = functionsAnswer('f', { en: 'all functions answer', ja: '全機能が応答する' });
    expect(await check({ functions, field } as unknown as Facts)).toMatchObject({
      outcome,
      seen: expect.stringMatching(says),
    });
  },
);
