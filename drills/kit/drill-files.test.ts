import { expect, test } from 'vitest';
import { loadSystem } from '../../fixtures/system-file.ts';
import { checkDrills } from './drill-files.ts';

const { system } = await loadSystem();
const lacking = (id: string) => ({ ...system, scenarios: system.scenarios.filter((scenario) => scenario.id !== id) });

test('drills whose scenarios are described are let through', async () => {
  await checkDrills(['no-fault', 'task-kill', 'database-failover'], system, 'kunren.config.ts');
  await checkDrills(['no-fault'], lacking('task-failure'), 'kunren.config.ts');
});

test.each([
  ['task-kill', 'task-failure'],
  ['task-unhealthy', 'task-failure'],
  ['database-failover', 'az-failure'],
  ['database-failover', 'failover-exercise'],
])('%s is refused without %s', async (id, scenario) => {
  await expect(checkDrills(['no-fault', id], lacking(scenario), 'kunren.config.ts')).rejects.toMatchObject({
    code: 'scenario-missing',
    problem: expect.stringMatching(
      `The drill ${id} is judged by "${scenario}", which is not among the scenarios of kunren`,
    ),
  });
});
