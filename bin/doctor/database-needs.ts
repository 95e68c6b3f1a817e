import type { Place } from '../../fixtures/stages/describe.ts';
import { describeDatabase } from '../../fixtures/stages/describe.ts';
import { missing, type Need } from './need.ts';

/** What the drills need of the database, against what RDS says of it. */
export function databaseNeeds(place: Place): Need[] {
  const { id, backup, engine } = place.system.database;
  return [
    {
      name: `database ${id}`,
      async find() {
        const { DBInstanceStatus, DBInstanceClass, Engine } = await describeDatabase(place);
        if (Engine !== engine) throw missing(`its engine is ${Engine}, not ${engine}.`, 'correct database.id.');
        if (DBInstanceStatus !== 'available')
          throw missing(`its status is ${DBInstanceStatus}.`, 'wait, or repair it.');
        return `${DBInstanceStatus}, ${Engine}, ${DBInstanceClass}`;
      },
    },
    {
      name: 'Multi-AZ',
      async find() {
        const { MultiAZ, AvailabilityZone, SecondaryAvailabilityZone } = await describeDatabase(place);
        if (MultiAZ !== true) throw missing('the database has no standby.', 'make it Multi-AZ: nothing can fail over.');
        return `primary in ${AvailabilityZone}, standby in ${SecondaryAvailabilityZone ?? 'a zone not told yet'}`;
      },
    },
    {
      name: 'backups',
      async find() {
        const { BackupRetentionPeriod: days = 0, LatestRestorableTime } = await describeDatabase(place);
        if (days === 0) throw missing('automated backups are off.', 'keep them for 1 to 35 days.');
        if (backup !== undefined && days !== backup.retentionDays) {
          const said = `they are kept ${days} days, and the config says ${backup.retentionDays}.`;
          throw missing(said, 'correct database.backup.retentionDays, or the instance.');
        }
        return `kept ${days} days, restorable to ${LatestRestorableTime?.toISOString() ?? 'no instant yet'}`;
      },
    },
  ];
}
