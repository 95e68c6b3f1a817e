import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drillFiles } from './drill-folders.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kunren-drills-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function drills(name: string, ...files: string[]): string {
  mkdirSync(join(folder, name), { recursive: true });
  for (const file of files) writeFileSync(join(folder, name, file), '');
  return join(folder, name);
}

test('the user’s drills stand beside those of the package', () => {
  const own = drills('own', 'no-fault.drill.js', 'no-fault.drill.d.ts', 'kunren.js');
  const users = drills('users', 'cache-loss.drill.ts', 'notes.md');
  expect([...drillFiles(own, users)]).toEqual([
    ['no-fault', join(own, 'no-fault.drill.js')],
    ['cache-loss', join(users, 'cache-loss.drill.ts')],
  ]);
});

test('in a clone both folders are one, and a project without drills has those of the package', () => {
  const own = drills('own', 'no-fault.drill.ts');
  expect([...drillFiles(own, own).keys()]).toEqual(['no-fault']);
  expect([...drillFiles(own, join(folder, 'missing')).keys()]).toEqual(['no-fault']);
});

test.each([
  [['no-fault.drill.js'], ['no-fault.drill.ts']],
  [[], ['no-fault.drill.js', 'no-fault.drill.ts']],
])('two drills of one id are refused by name (%j, %j)', (ownFiles, usersFiles) => {
  const own = drills('own', ...ownFiles);
  const users = drills('users', ...usersFiles);
  expect(() => drillFiles(own, users)).toThrow(
    /two drills "no-fault": .*no-fault\.drill\.js and .*users\/no-fault\.drill\.ts/,
  );
});
