import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Intent } from '../../fixtures/core/fault.ts';

/** One line of a run's journal (journal.jsonl, append only, each line fsynced before the change is made). */
export type JournalLine =
  | {
      readonly id: number;
      readonly at: string;
      readonly state: 'intended';
      readonly drillId: string;
      readonly intent: Intent;
    }
  | {
      readonly id: number;
      readonly at: string;
      readonly state: 'made' | 'failed' | 'undone';
      readonly detail?: string;
    };

/** An intent that was begun and not undone, although it says how. */
export interface OpenIntent {
  readonly id: number;
  readonly drillId: string;
  readonly intent: Intent;
}

/** Appends to the journal of a run. The intent is on disk before `make` is called. */
export class Journal {
  readonly path: string;
  #nextId: number;

  constructor(path: string) {
    this.path = path;
    this.#nextId = readJournal(path).length + 1;
  }

  /** Records the intent, makes the change, records how it ended. Returns the change's answer. */
  async change<T>(drillId: string, intent: Intent, make: () => Promise<T>): Promise<T> {
    const id = this.#nextId++;
    this.#append({ id, at: new Date().toISOString(), state: 'intended', drillId, intent });
    try {
      const answer = await make();
      this.#append({ id, at: new Date().toISOString(), state: 'made' });
      return answer;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#append({ id, at: new Date().toISOString(), state: 'failed', detail });
      throw error;
    }
  }

  /** Says that an intent needs no undoing any more. */
  undone(id: number, detail: string): void {
    this.#append({ id, at: new Date().toISOString(), state: 'undone', detail });
  }

  #append(line: JournalLine): void {
    const isNew = !existsSync(this.path);
    // A line that a crash has torn must not swallow the next one.
    const torn = !isNew && !/(^|\n)$/.test(readFileSync(this.path, 'utf8'));
    const text = `${torn ? '\n' : ''}${JSON.stringify(line)}\n`;
    // The whole of it, or an error: one write alone may be cut short where the disk is nearly full.
    synced(this.path, 'a', (file) => writeFileSync(file, Buffer.from(text)));
    // A file whose name is not on disk yet is lost with the power.
    if (isNew) synced(dirname(this.path), 'r');
  }
}

function synced(path: string, flags: string, write: (file: number) => void = () => {}): void {
  const file = openSync(path, flags);
  try {
    write(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** All whole lines of a journal; a torn one (a crash while it was written) was never acted on. */
export function readJournal(path: string): JournalLine[] {
  if (!existsSync(path)) return [];
  const lines: JournalLine[] = [];
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    if (text === '') continue;
    try {
      lines.push(JSON.parse(text) as JournalLine);
    } catch {
      // Torn by a crash: its change was never begun.
    }
  }
  return lines;
}

/** What is still to be undone, newest first: undoing goes in reverse. A failed call may have had its effect. */
export function openIntents(lines: readonly JournalLine[]): OpenIntent[] {
  const undone = new Set(lines.filter((line) => line.state === 'undone').map((line) => line.id));
  return lines
    .filter((line) => line.state === 'intended')
    .filter((line) => line.intent.undo !== undefined && !undone.has(line.id))
    .map(({ id, drillId, intent }) => ({ id, drillId, intent }))
    .reverse();
}
