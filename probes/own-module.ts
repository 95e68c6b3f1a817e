/**
 * Where a module of ours lies, named by its source relative to the module that asks (`import.meta.url`): run from
 * source it is TypeScript, in the npm package it is compiled.
 */
export const ownModule = (source: string, from: string): URL =>
  new URL(from.endsWith('.ts') ? source : source.replace(/\.ts$/, '.js'), from);
