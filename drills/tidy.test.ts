import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { SPOILS } from '../fixtures/twin/spoils.ts';

// Rules that a reviewer should never have to say aloud. See docs/ARCHITECTURE.md.

/** Each may import only itself and those before it. */
const LAYERS = ['probes', 'fixtures', 'reports', 'drills', 'bin'];
const IMPURE =
  /\bfrom '(node:|@aws-sdk\/|@smithy\/|pg'|undici')|\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval)\(|\bprocess\.(env|argv|hrtime|pid|exit|on|cwd|std|kill|platform|getuid)|\bMath\.random\(/;
const LINES_MAX = 300;
/** Names of the described system belong in its config, its sample service and its documents. */
const FACILITY_NAMES = /facility-prod|staff-api|admin-api\.facility/;
/** A spoil alters the system or the API only: nobody else may know that it is there. */
const SPOIL_NAMES = new RegExp(`'(${SPOILS.join('|')})'`);

const files = LAYERS.flatMap((layer) =>
  readdirSync(layer, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('runs/'))
    .map((path) => join(layer, path)),
);
const sources = files.filter((file) => !/\.(test|bench)\.ts$/.test(file));
const textOf = (file: string): string => readFileSync(file, 'utf8');

/** Comments are prose: they may name what the code must not. */
const codeOf = (file: string): string => textOf(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** The files of a set that break a rule; the failure names each. */
const breaking = (set: readonly string[], breaks: (file: string) => boolean): string[] => set.filter(breaks);

test('there are files to look at in every layer', () => {
  for (const layer of LAYERS) expect(files.some((file) => file.startsWith(`${layer}/`))).toBe(true);
});

test('a file imports only its own layer and those below', () => {
  const upward = files.flatMap((file) => {
    const own = LAYERS.indexOf(file.split('/')[0]!);
    const targets = [...textOf(file).matchAll(/\b(?:from|import) '(\.[^']+)'/g)].map(([, target]) => target!);
    return targets
      .filter((target) => LAYERS.indexOf(normalize(join(dirname(file), target)).split('/')[0]!) > own)
      .map((target) => `${file} imports ${target}`);
  });
  expect(upward).toEqual([]);
});

test('what lies in a core folder is pure', () => {
  const cores = sources.filter((file) => file.includes('/core/'));
  expect(breaking(cores, (file) => IMPURE.test(codeOf(file)))).toEqual([]);
});

test('a file is short enough to read', () => {
  expect(breaking(files, (file) => textOf(file).split('\n').length > LINES_MAX)).toEqual([]);
});

test('only the clock sleeps', () => {
  const others = sources.filter((file) => file !== 'probes/clock.ts');
  const sleeps = /node:timers\/promises|new Promise(<\w+>)?\(\(?\w*\)? => setTimeout/;
  expect(breaking(others, (file) => sleeps.test(codeOf(file)))).toEqual([]);
});

test('names of the drilled system stand only with its sample service', () => {
  const others = sources.filter((file) => !file.startsWith('fixtures/app/'));
  expect(breaking(others, (file) => FACILITY_NAMES.test(textOf(file)))).toEqual([]);
});

test('only the twin and the sample service know a spoil', () => {
  const others = sources.filter((file) => !/^fixtures\/(app|twin)\//.test(file));
  expect(breaking(others, (file) => SPOIL_NAMES.test(textOf(file)))).toEqual([]);
});
