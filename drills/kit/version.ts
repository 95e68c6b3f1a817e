import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of this tool, as its package says it. */
export const TOOL_VERSION = (
  JSON.parse(readFileSync(findPackageJSON(import.meta.url) ?? '', 'utf8')) as { version: string }
).version;
