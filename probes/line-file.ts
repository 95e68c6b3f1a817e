import { appendFileSync, closeSync, openSync } from 'node:fs';

/** A file of JSON lines that is only ever appended to. */
export interface LineFile {
  /** The lines are with the operating system when this returns, so they outlive a kill of the process. */
  append(...values: readonly object[]): void;
  close(): void;
}

export function openLineFile(path: string): LineFile {
  const file = openSync(path, 'a');
  return {
    append: (...values) => appendFileSync(file, values.map((value) => `${JSON.stringify(value)}\n`).join('')),
    close: () => closeSync(file),
  };
}
