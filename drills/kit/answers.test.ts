import { expect, test } from 'vitest';
import type { Sample } from '../../probes/core/sample.ts';
import { stableSince } from './answers.ts';

/** One character every 100 ms: `#` good, `~` slow, `.` bad, `?` still awaited. Answered 5 ms after it was sent. */
const drawn = (drawing: string): Sample[] =>
  [...drawing].flatMap((mark, k) =>
    mark === '?'
      ? []
      : {
          k,
          dueAtMs: k * 100,
          sentAtMs: k * 100,
          answeredAtMs: k * 100 + 5,
          outcome: mark === '#' ? ('good' as const) : mark === '~' ? ('slow' as const) : ('bad' as const),
        },
  );

test.each([
  { name: 'nothing seen is not stable', drawing: '', afterMs: 0, since: undefined },
  { name: 'too short a run', drawing: '..##', afterMs: 0, since: undefined },
  { name: 'long enough', drawing: '..###', afterMs: 0, since: 205 },
  { name: 'the run starts anew after a flap', drawing: '.###.###', afterMs: 0, since: 505 },
  { name: 'slow answers are answers', drawing: '.~~~', afterMs: 0, since: 105 },
  { name: 'answers from before the fault do not count', drawing: '######', afterMs: 400, since: undefined },
  { name: 'a run across the fault counts from the fault', drawing: '######', afterMs: 300, since: 305 },
  { name: 'every second one still awaited', drawing: '.#?#?#?#', afterMs: 0, since: undefined },
  { name: 'the newest still awaited', drawing: '.###?', afterMs: 0, since: 105 },
  { name: 'ends bad', drawing: '####.', afterMs: 0, since: undefined },
])('stableSince: $name', ({ drawing, afterMs, since }) => {
  expect(stableSince(drawn(drawing), 3, afterMs)).toBe(since);
});
