import { expect, test } from 'vitest';
import type { StageTruth } from '../../fixtures/core/stage.ts';
import { serviceDowntimeMs, truthSince } from './truth-since.ts';

const at = (atMs: number, what: string, subject: string, detail?: StageTruth['detail']): StageTruth => ({
  atMs,
  what,
  subject,
  ...(detail && { detail }),
});

/** Two tasks that are registered, routable and able to write from the beginning. */
const twoTasks = ['t1', 't2'].flatMap((task) => [
  at(0, 'task-writes-back', task),
  at(2, 'target-routable', 'tg', { taskArn: task }),
]);

test.each([
  { name: 'nothing happens', events: [], downMs: 0 },
  { name: 'one task loses its database: the other serves', events: [at(100, 'task-writes-lost', 't1')], downMs: 0 },
  {
    name: 'both lose it, the first one back ends it',
    events: [
      at(100, 'task-writes-lost', 't1'),
      at(110, 'task-writes-lost', 't2'),
      at(510, 'task-writes-back', 't2'),
      at(530, 'task-writes-back', 't1'),
    ],
    downMs: 400,
  },
  {
    name: 'it has not ended',
    events: [at(100, 'task-writes-lost', 't1'), at(110, 'task-writes-lost', 't2')],
    downMs: null,
  },
  {
    name: 'a task that can write but gets no requests serves nobody',
    events: [
      at(100, 'target-unroutable', 'tg', { taskArn: 't1' }),
      at(200, 'task-writes-lost', 't2'),
      at(300, 'task-writes-back', 't2'),
    ],
    downMs: 100,
  },
  {
    name: 'a stopped task serves nobody',
    events: [at(100, 'task-stopped', 't1'), at(150, 'task-frozen', 't2'), at(350, 'task-thawed', 't2')],
    downMs: 200,
  },
])('serviceDowntimeMs: $name', ({ events, downMs }) => {
  expect(serviceDowntimeMs([...twoTasks, ...events], 50)).toBe(downMs);
});

test('serviceDowntimeMs: one service that is up hides no other that is down', () => {
  const own = (service: string, task: string) => [
    at(0, 'task-started', task, { service }),
    at(1, 'task-writes-back', task),
    at(2, 'target-routable', 'tg', { taskArn: task }),
  ];
  const lost = [at(100, 'task-writes-lost', 'a1'), at(300, 'task-writes-back', 'a1')];
  expect(serviceDowntimeMs([...own('a', 'a1'), ...own('b', 'b1'), ...lost], 50)).toBe(200);
});

test('serviceDowntimeMs: unknown where the tasks do not say whether they can write', () => {
  expect(serviceDowntimeMs([at(0, 'task-started', 't1')], 0)).toBeUndefined();
});

test('truthSince: the database recovery runs from the kill to the first accepted write', () => {
  const truth = truthSince(
    [
      at(5, 'accepts-writes', 'db'),
      at(100, 'postmaster-killed', 'db'),
      at(200, 'postmaster-started', 'db'),
      at(420, 'accepts-writes', 'db'),
      at(900, 'az-swapped', 'db'),
    ],
    50,
    'db',
  );
  expect(truth).toMatchObject({ databaseRecoveryMs: 320, postmasterStartTimeChanged: true, azSwapped: true });
});

test('truthSince: a database that was not touched has no recovery', () => {
  expect(truthSince([at(5, 'accepts-writes', 'db')], 50, 'db')).toEqual({
    postmasterStartTimeChanged: false,
    azSwapped: false,
  });
});

test('the weather is counted by its kinds, and none is told of in a fair one', () => {
  const strokes = [at(5, 'weather', 'lag'), at(60, 'weather', 'lag'), at(70, 'weather', 'throttle')];
  expect(truthSince(strokes, 50, 'db').weather).toEqual({ lag: 1, throttle: 1 });
  expect(truthSince([], 50, 'db').weather).toBeUndefined();
});
