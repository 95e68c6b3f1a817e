import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Field } from '../../../fixtures/core/fault.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';

/** As many names as one call takes (CloudWatch API, DescribeAlarms). */
const NAMES_MAX = 100;

/** The state of each alarm, by its name; one that does not exist is missing. */
export async function alarmStates(
  field: Pick<Field, 'stage' | 'system' | 'signal'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { cloudwatch } = clientsOf(field.stage, field.system.regions.primary);
  const states = new Map<string, string>();
  for (let from = 0; from < names.length; from += NAMES_MAX) {
    const AlarmNames = names.slice(from, from + NAMES_MAX);
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: NAMES_MAX }),
      { abortSignal: field.signal },
    );
    for (const { AlarmName, StateValue } of [...MetricAlarms, ...CompositeAlarms]) {
      if (AlarmName !== undefined) states.set(AlarmName, StateValue ?? 'unknown');
    }
  }
  return states;
}
