import { durationMs } from '../../fixtures/core/duration.ts';
import type { System } from '../../fixtures/core/system.ts';
import { durationText } from '../../reports/core/duration-text.ts';
import type { Exposure } from '../../reports/core/evidence.ts';

/** What point-in-time recovery can lose: all that was written since the log was last archived. */
export function archiveExposure({ database: { backup } }: System): Exposure | undefined {
  if (backup === undefined) return undefined;
  const ms = durationMs(backup.archiveInterval);
  return { ms, rule: `the write-ahead log is archived every ${durationText(ms)}` };
}

/** What restoring the last snapshot can lose: all that was written since it was taken. */
export function snapshotExposure({ database: { backup } }: System): Exposure | undefined {
  if (backup === undefined) return undefined;
  const ms = durationMs(backup.snapshotInterval);
  return { ms, rule: `a snapshot is taken every ${durationText(ms)}` };
}
