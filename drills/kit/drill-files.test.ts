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

test('a wish for a restore time is refused when no drill heeds it', async () => {
  const wish = '2025-03-01T17:59:00+09:00';
  await checkDrills(['accidental-delete', 'point-in-time-restore'], system, 'kunren.config.ts', wish);
  await expect(checkDrills(['accidental-delete', 'no-fault'], system, 'kunren.config.ts', wish)).rejects.toMatchObject({
    code: 'wish-unheeded',
    problem: `--restore-to "${wish}" is for no drill among accidental-delete, no-fault.`,
  });
});
