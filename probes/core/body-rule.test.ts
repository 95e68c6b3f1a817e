import { expect, test } from 'vitest';
import { bodyProblem, tellsOfLack } from './body-rule.ts';
import type { BodyRule } from './probe-spec.ts';

test.each<{ rule: BodyRule; body: string; problem: string | undefined }>([
  { rule: {}, body: 'anything', problem: undefined },
  { rule: { includes: '正常' }, body: '状態: 正常', problem: undefined },
  { rule: { includes: 'ok' }, body: 'no', problem: 'body lacks "ok"' },
  { rule: { json: { a: 1 } }, body: '{"a":1,"b":2}', problem: undefined },
  { rule: { json: { a: 1 } }, body: '{"a":"1"}', problem: 'body a is "1", not 1' },
  { rule: { json: { a: 1 } }, body: '{}', problem: 'body a is missing' },
  { rule: { json: { a: 1 } }, body: '', problem: 'body is not JSON' },
  { rule: { json: { a: 1 } }, body: 'null', problem: 'body is null, not {"a":1}' },
  { rule: { json: { db: { up: true } } }, body: '{"db":{"up":true,"ms":3}}', problem: undefined },
  { rule: { json: { db: { up: true } } }, body: '{"db":{"up":false}}', problem: 'body db.up is false, not true' },
  { rule: { json: { db: { up: true } } }, body: '{"db":null}', problem: 'body db is null, not {"up":true}' },
  { rule: { json: { list: [{ n: 1 }] } }, body: '{"list":[{"n":1,"m":2}]}', problem: undefined },
  { rule: { json: { list: [1, 2] } }, body: '{"list":[1,3]}', problem: 'body list[1] is 3, not 2' },
  { rule: { json: { list: [1] } }, body: '{"list":[1,2]}', problem: 'body list is [1,2], not [1]' },
  { rule: { json: { toString: {} } }, body: '{}', problem: 'body toString is missing' },
  { rule: { json: { a: null } }, body: '{"a":null}', problem: undefined },
  { rule: { json: { a: 1 }, includes: 'z' }, body: '{"a":1}', problem: 'body lacks "z"' },
])('body $body under $rule: $problem', ({ rule, body, problem }) => {
  expect(bodyProblem(body, rule)).toBe(problem);
});

test.each([
  ['body lacks "ordered"', true],
  ['body list is [], not [1]', true],
  ['body rows is missing', true],
  ['body is not JSON', false],
  ['body over 65536 bytes', false],
  ['HTTP 503', false],
])('that "%s" tells of what is not there: %s', (reason, tells) => {
  expect(tellsOfLack(reason)).toBe(tells);
});
