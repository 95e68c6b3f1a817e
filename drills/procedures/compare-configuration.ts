import type { DBInstance } from '@aws-sdk/client-rds';
import { until } from '../../fixtures/core/until.ts';
import { describeInstance } from '../../fixtures/stages/describe.ts';
import { knownDatabase } from '../../fixtures/stages/known.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { Step } from '../kit/spec.ts';

/** What must be as at the source. Zones and protection differ on purpose: see restore-database.ts. */
const settingsOf = (instance: DBInstance) => ({
  class: instance.DBInstanceClass,
  engine: `${instance.Engine} ${instance.EngineVersion}`,
  storage: `${instance.AllocatedStorage} GiB`,
  'security groups': instance.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId)
    .toSorted()
    .join(', '),
  'subnet group': instance.DBSubnetGroup?.DBSubnetGroupName,
  'parameter group': instance.DBParameterGroups?.map(
    ({ DBParameterGroupName, ParameterApplyStatus }) => `${DBParameterGroupName} (${ParameterApplyStatus})`,
  ).join(', '),
  'public access': String(instance.PubliclyAccessible),
});

/** Compares the restored instance with its source: what RDS does not hand on shows here, not in an incident. */
export const compareConfiguration: Step = {
  id: 'configuration-equal',
  name: { en: 'The restored database is configured like its source', ja: '復元したDBの構成は元と同じである' },
  async run(field, book) {
    const { id } = book.need('restored');
    const source = settingsOf(await knownDatabase(field));
    const { clock, patience, signal } = field;
    const remedy = 'look who deleted it.';
    const restored = settingsOf(
      await until(
        clock,
        { name: `RDS to describe ${id}`, limitMs: patience.noticeMs, everyMs: patience.pollMs, signal, remedy },
        () => describeInstance(field.stage, field.system.regions.primary, id),
      ),
    );
    const names = Object.keys(source) as (keyof typeof source)[];
    const differing = names.filter((name) => source[name] !== restored[name]);
    if (differing.length === 0) return names.map((name) => `${name} ${source[name]}`).join('; ');
    throw new KunrenError(
      'configuration-differs',
      differing.map((name) => `${name}: ${source[name]}, restored ${restored[name]}`).join('; '),
      'give it to the restore call, or modify the restored instance.',
    );
  },
};
