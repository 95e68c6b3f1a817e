import type { Verdict } from '../../reports/core/result.ts';
import type { KINDS } from './emulator.ts';

/** What a drill comes to, and by which reason. */
type Row = readonly [Verdict, RegExp];

/** What an emulator makes of every drill, by id. */
interface Expected {
  /** Whether the system can be built there at all. */
  readonly isBuilt: boolean;
  readonly drills: { readonly [id: string]: Row };
  /** Operations by which something was to be broken or restored, and which really reached it. */
  readonly struck: readonly string[];
}

// The service that users reach is a real one, probed all along: but nobody can say that a database is whole whose standby
// is not told of.
const CONTROL: Row = ['unknown', /^not known whether .*\(the endpoint tells no zone of a standby\)/];
const SWALLOWED: Row = ['unknown', /^fault not observed: nothing changed: AZ /];
const UNREACHABLE_TASK: Row = ['not-run', /cannot reach inside a task: it lacks the ability taskControl/];
const UNTOUCHED_STANDBY: Row = ['not-run', /cannot fail a standby/];
// The rows are deleted in the real database behind the service, but no emulator runs a task that would log it.
const NO_LOG: Row = ['missed', /The instant of the deletion is found in the log \(No line of /];
const NO_SERVICES: Row = ['not-run', /The endpoint does not offer ecs:DescribeServices/];

const INSIDE_TASKS = {
  'standby-outage': UNTOUCHED_STANDBY,
  'task-crash': UNREACHABLE_TASK,
  'task-out-of-memory': UNREACHABLE_TASK,
  'task-unhealthy': UNREACHABLE_TASK,
};

/** Every drill on every emulator. None may be met: they break and restore nothing, and tell of no standby. */
export const EXPECTED: { readonly [name in keyof typeof KINDS]: Expected } = {
  moto: {
    isBuilt: true,
    drills: {
      ...INSIDE_TASKS,
      'no-fault': CONTROL,
      'accidental-delete': NO_LOG,
      'az-outage': SWALLOWED,
      'backup-restore': ['missed', /to take a write \(/],
      'database-failover': SWALLOWED,
      'point-in-time-restore': ['missed', /RDS shows no automated backup/],
      // It calls the task stopped, yet not by whom.
      'task-kill': ['unknown', /^fault not observed: it ended for another reason/],
    },
    struck: ['RebootDBInstance', 'StopTask', 'POST /experiments', 'RestoreDBInstanceFromDBSnapshot'],
  },
  ministack: {
    isBuilt: true,
    drills: {
      ...INSIDE_TASKS,
      'no-fault': CONTROL,
      'accidental-delete': NO_LOG,
      'az-outage': ['not-run', /The endpoint does not offer fis:/],
      'backup-restore': ['missed', /to take a write \(/],
      'database-failover': SWALLOWED,
      'point-in-time-restore': ['not-run', /The endpoint does not offer rds:DescribeDBInstanceAutomatedBackups/],
      // The task is stopped, and none is started in its place.
      'task-kill': ['missed', / runs 1 of 2 tasks/],
    },
    struck: ['RebootDBInstance', 'StopTask', 'RestoreDBInstanceFromDBSnapshot'],
  },
  localstack: {
    isBuilt: false,
    drills: {
      ...INSIDE_TASKS,
      'no-fault': NO_SERVICES,
      'accidental-delete': NO_SERVICES,
      'az-outage': NO_SERVICES,
      'backup-restore': NO_SERVICES,
      'database-failover': NO_SERVICES,
      'point-in-time-restore': NO_SERVICES,
      'task-kill': NO_SERVICES,
    },
    struck: [],
  },
};
