import type { FoundDatabase } from './found.ts';
import { list, q } from './written.ts';

/** The lines of `database`. */
export function databaseText(database: FoundDatabase): string[] {
  return [
    '  database: {',
    `    id: ${q(database.id)},`,
    `    engine: ${q(database.engine)},`,
    ...deploymentText(database),
    `    instanceClass: ${q(database.instanceClass)},`,
    `    allocatedStorageGiB: ${database.allocatedStorageGiB},`,
    nameText(database),
    `    masterUser: ${q(database.masterUser)},`,
    ...(database.securityGroups.length > 0 ? [`    securityGroups: ${list(database.securityGroups)},`] : []),
    ...(database.subnetGroup === undefined ? [] : [`    subnetGroup: ${q(database.subnetGroup)},`]),
    ...parameterText(database),
    `    publiclyAccessible: ${database.publiclyAccessible},`,
    `    deletionProtection: ${database.deletionProtection},`,
    ...backupText(database),
    '  },',
  ];
}

function deploymentText({ multiAz }: FoundDatabase): string[] {
  if (multiAz) return ["    deployment: 'multi-az-instance',"];
  return [
    "    deployment: 'single-az', // TODO: make it Multi-AZ first: it has no standby, and nothing to fail over to.",
  ];
}

function nameText({ name }: FoundDatabase): string {
  if (name !== undefined) return `    name: ${q(name)},`;
  return "    name: '', // TODO: the database in it, as \\l of psql lists it: none was named when the instance was made.";
}

function parameterText({ parameterGroup }: FoundDatabase): string[] {
  if (parameterGroup === undefined) return [];
  const set = Object.entries(parameterGroup.parameters).map(([name, value]) => `${q(name)}: ${q(value)}`);
  const parameters = set.length === 0 ? '{}' : `{ ${set.join(', ')} }`;
  return [`    parameterGroup: { name: ${q(parameterGroup.name)}, parameters: ${parameters} },`];
}

/** RDS uploads the log every 5 minutes and takes one automated backup a day (RDS User Guide). */
const backupText = ({ retentionDays }: FoundDatabase): string[] => [
  '    backup: {',
  retentionDays > 0
    ? `      retentionDays: ${retentionDays},`
    : '      retentionDays: 0, // TODO: turn automated backups on first: nothing can be restored.',
  '      archiveInterval: { minutes: 5 }, // As RDS uploads its log.',
  '      snapshotInterval: { hours: 24 }, // As RDS takes automated backups. TODO: less, if you take snapshots more often.',
  '      // TODO: copyInterval and copyDuration, if snapshots are copied to another region: what an outage of the whole',
  '      // region loses follows from them. `aws rds describe-db-snapshots --region …` there shows the last ones.',
  '    },',
];
