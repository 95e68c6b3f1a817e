import { createHash } from 'node:crypto';

/** RDS's limit for identifiers of instances and snapshots. */
const LENGTH_MAX = 63;

/**
 * A name for what a run makes from `source` (an instance or a snapshot): unique by source and run even when the
 * names begin alike, 63 characters at most, a letter first, single hyphens inside (RDS's rules). The end is kept and
 * the beginning cut.
 */
export function drillName(source: string, purpose: string, runId: string): string {
  const end = `-${plain(purpose)}-${hash(`${source} ${runId}`)}`;
  const begin = plain(source)
    .slice(0, LENGTH_MAX - end.length)
    .replace(/-+$/, '');
  return `${begin}${end}`;
}

function plain(text: string): string {
  const dashed = text
    .toLowerCase()
    .replace(/^rds:/, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return /^[a-z]/.test(dashed) ? dashed : `db-${dashed}`.replace(/-+$/, '');
}

/** Ten hexadecimal digits: two runs of a thousand years of drills do not meet. */
const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10);
