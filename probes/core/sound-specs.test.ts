import { expect, test } from 'vitest';
import type { ProbeSpec } from './probe-spec.ts';
import { requireSoundSpecs } from './sound-specs.ts';

const sql: ProbeSpec = {
  kind: 'sql',
  name: 'db',
  databaseUrl: 'postgres://x',
  intervalMs: 9,
  deadlineMs: 9,
  slowMs: 9,
};

test.each<{ name: string; probes: ProbeSpec[]; names: RegExp }>([
  { name: 'none', probes: [], names: /No probe was given/ },
  { name: 'two of one name', probes: [sql, sql], names: /Two probes have the name "db"/ },
  {
    name: 'a name that leaves the folder',
    probes: [{ ...sql, name: '../db' }],
    names: /"\.\.\/db" cannot name a file/,
  },
  { name: 'no interval', probes: [{ ...sql, intervalMs: 0 }], names: /intervalMs of probe db is 0/ },
  {
    name: 'a deadline that is no number',
    probes: [{ ...sql, deadlineMs: Number.NaN }],
    names: /deadlineMs of probe db/,
  },
])('probes are refused: $name', ({ probes, names }) => {
  expect(() => requireSoundSpecs(probes)).toThrow(names);
});
