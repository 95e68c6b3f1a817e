import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { Field } from '../../../fixtures/core/fault.ts';
import { allPages } from '../../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';

/** As many names as one call takes (CloudWatch API, DescribeAlarms). */
const NAMES_MAX = 100;

const ALARM_TYPES = ['MetricAlarm', 'CompositeAlarm'] as const;

/** The state of each alarm, by its name; one that does not exist is missing. */
export async function alarmStates(
  field: Pick<Field, 'stage' | 'system' | 'signal'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { cloudwatch: client } = clientsOf(field.stage, field.system.regions.primary);
  const states = new Map<string, string>();
  for (let from = 0; from < names.length; from += NAMES_MAX) {
    const AlarmNames = names.slice(from, from + NAMES_MAX);
    const asked = { AlarmNames, AlarmTypes: [...ALARM_TYPES], MaxRecords: NAMES_MAX };
    // Every page: an alarm that rings may stand on the second.
    const pages = await allPages(paginateDescribeAlarms({ client }, asked, { abortSignal: field.signal }));
    const alarms = pages.flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) => [
      ...MetricAlarms,
      ...CompositeAlarms,
    ]);
    for (const { AlarmName, StateValue } of alarms) {
      if (AlarmName !== undefined) states.set(AlarmName, StateValue ?? 'unknown');
    }
  }
  return states;
}
