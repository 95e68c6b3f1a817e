import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field } from '../../fixtures/core/fault.ts';
import { Calendar } from '../../fixtures/twin/calendar.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { ConnectTo } from '../../probes/core/probe-spec.ts';
import type { ReadBack } from '../../probes/read-back.ts';
import type { Attachment, DrillEvidence } from '../../reports/core/evidence.ts';
import type { Canaries } from './canaries.ts';
import type { DeletionTime, RestoreChoice } from './core/restore-choice.ts';
import type { RowCounts } from './count-rows.ts';

/** A database that a drill has made. */
export interface Restored {
  readonly id: string;
  /** As the master user of its source. */
  readonly url: string;
}

/** What the steps of one drill's procedures hand to each other. Filled as they go. */
export class Book {
  /** When the drill began, as an AWS date: until then nothing was missed. */
  readonly begunAt = new Date();
  /** Dates of AWS against this machine's, as far as the stage has declared a shift. */
  readonly calendar = new Calendar();
  readonly attachments: Attachment[] = [];
  /** The state that is wanted, as an AWS date. */
  restoreTo: Date | undefined;
  /** How many rows there were before the state that is restored. */
  counted?: RowCounts;
  /** Numbered writes into the rows that are destroyed or restored. */
  canaries?: Canaries;
  /** The same, written after the instant that is restored to. */
  laterCanaries?: Canaries;
  deletion?: DeletionTime;
  choice?: RestoreChoice;
  /** The state that was restored, on this machine's wall clock. */
  restoredState?: Date;
  restored?: Restored;
  /** A task of the service that runs against the restored database. */
  task?: ConnectTo;
  /** Canaries that the restored database holds, as that task answers. */
  canariesRestored?: ReadBack;
  laterCanariesRestored?: ReadBack;
  clockOffset?: DrillEvidence['clockOffset'];

  constructor(restoreTo?: Date) {
    this.restoreTo = restoreTo;
  }

  /** The value that an earlier step has left, by its name; a step that came too early is a mistake of the drill's. */
  need<Name extends keyof Book>(name: Name): NonNullable<Book[Name]> {
    const value = this[name];
    if (value !== undefined && value !== null) return value;
    throw new KunrenError(
      'step-missing',
      `No earlier step has found "${name}".`,
      'put the step that does before this one.',
    );
  }

  /** Keeps the whole of something beside the evidence. */
  attach(field: Field, file: string, title: Attachment['title'], value: unknown): void {
    const plain = (_: string, member: unknown) => (typeof member === 'bigint' ? member.toString() : member);
    writeFileSync(join(field.directory, file), `${JSON.stringify(value, plain, 2)}\n`);
    this.attachments.push({ file, title });
  }
}
