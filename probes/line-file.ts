import { appendFile, closeSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const append = promisify(appendFile);

/** A file of JSON lines that is only ever appended to, in the order of the calls. */
export interface LineFile {
  /**
   * The lines are with the operating system when this resolves, so they outlive a kill of the process. A
   * disk that is held up (another process waits for its writes there) holds up whoever awaits this,
   * and nobody else.
   */
  append(...values: readonly object[]): Promise<void>;
  /** Resolves when all is written. */
  close(): Promise<void>;
}

export function openLineFile(path: string): LineFile {
  const file = openSync(path, 'a');
  let written = Promise.resolve();
  return {
    append(...values) {
      const lines = values.map((value) => `${JSON.stringify(value)}\n`).join('');
      written = written.then(() => append(file, lines));
      return written;
    },
    async close() {
      await written;
      closeSync(file);
    },
  };
}
