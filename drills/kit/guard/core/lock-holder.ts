import { z } from 'zod';

const schema = z.object({
  runId: z.string(),
  drillId: z.string(),
  /** The ARN of the identity that runs it. */
  who: z.string(),
  /** The machine, and the process there with its start, by which that machine knows whether it lives. */
  host: z.string(),
  pid: z.int(),
  start: z.string().exactOptional(),
  /** ISO 8601. */
  expiresAt: z.iso.datetime(),
});

/** Who holds the lock on a system: the value of its parameter. */
export type LockHolder = z.infer<typeof schema>;

/** `undefined` for a value that is not one of ours: nobody may take such a lock away. */
export function readLockHolder(value: string | undefined): LockHolder | undefined {
  try {
    return schema.parse(JSON.parse(value ?? ''));
  } catch {
    return undefined;
  }
}

/** What is known here of the holder: a machine knows of its own processes only. */
export interface LockSight {
  readonly now: Date;
  readonly runId: string;
  readonly host: string;
  readonly lives: (pid: number, start: string | undefined) => boolean;
  /** Whether a run has left its folder here: two machines may have one name. */
  readonly isOnRecord: (runId: string) => boolean;
}

/** Why a lock may be taken over; `undefined` while it may not. */
export function reasonToTakeOver(holder: LockHolder, sight: LockSight): string | undefined {
  if (holder.runId === sight.runId) return 'it is this run’s own';
  if (Date.parse(holder.expiresAt) <= sight.now.getTime()) return `it expired at ${holder.expiresAt}`;
  const wasHere = holder.host === sight.host && sight.isOnRecord(holder.runId);
  if (wasHere && !sight.lives(holder.pid, holder.start)) {
    return `its process ${holder.pid} on this machine is dead`;
  }
  return undefined;
}
