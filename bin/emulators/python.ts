import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tryUntil } from '../../fixtures/core/until.ts';
import { machineClock } from '../../probes/clock.ts';

const run = promisify(execFile);

/** How long a virtual environment may take to be filled, in milliseconds. LocalStack's is the largest: 60 s measured. */
const INSTALL_MS_MAX = 170_000;

/** Where the virtual environments are: outside the project, and kept where KUNREN_EMULATORS says. */
const FOLDER = process.env['KUNREN_EMULATORS'] ?? join(tmpdir(), `kunren-emulators-${process.getuid?.() ?? 'user'}`);

/**
 * A virtual environment with just these packages, made when it is not there yet. Resolves to its folder of programs, or
 * to why there is none.
 */
export async function pythonEnvironment(
  name: string,
  packages: readonly string[],
  minorMin: number,
): Promise<{ readonly bin: string } | { readonly missing: string }> {
  const python = await findPython(minorMin);
  if (python === undefined) return { missing: `no Python 3.${minorMin} or later was found (KUNREN_PYTHON names one)` };
  const folder = join(FOLDER, name);
  const bin = join(folder, 'bin');
  const complete = join(folder, 'kunren-complete');
  if (existsSync(complete)) return { bin };
  const building = `${folder}.building`;
  mkdirSync(FOLDER, { recursive: true });
  try {
    mkdirSync(building);
  } catch {
    // Another test file builds it at this moment.
    const wait = { name: `the environment ${name}`, limitMs: INSTALL_MS_MAX, everyMs: 500 };
    const built = await tryUntil(machineClock, wait, () => (existsSync(complete) ? true : undefined));
    return built === undefined ? { missing: `${building} was there, and ${name} was not built` } : { bin };
  }
  try {
    rmSync(folder, { recursive: true, force: true });
    await run(python, ['-m', 'venv', folder], { timeout: INSTALL_MS_MAX });
    await run(join(bin, 'pip'), ['install', '--quiet', ...packages], { timeout: INSTALL_MS_MAX });
    await run('touch', [complete]);
    return { bin };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { missing: `${packages[0]} cannot be installed: ${text.split('\n').slice(0, 2).join(' ')}` };
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

async function findPython(minorMin: number): Promise<string | undefined> {
  const versions = [14, 13, 12, 11].filter((minor) => minor >= minorMin);
  const pyenv = await run('pyenv', ['root']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  const candidates = [
    process.env['KUNREN_PYTHON'],
    'python3',
    ...versions.map((minor) => `python3.${minor}`),
    ...(pyenv === undefined ? [] : versions.map((minor) => join(pyenv, 'versions', `3.${minor}.0/bin/python3`))),
  ];
  for (const candidate of candidates) {
    if (candidate !== undefined && (await isFit(candidate, minorMin))) return candidate;
  }
  return undefined;
}

const isFit = (python: string, minorMin: number): Promise<boolean> =>
  run(python, ['-c', `import sys, venv; sys.exit(sys.version_info < (3, ${minorMin}))`]).then(
    () => true,
    () => false,
  );
