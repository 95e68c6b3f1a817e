import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { attachAws } from '../../../fixtures/stages/aws.ts';
import { loadSystem } from '../../../fixtures/system-file.ts';
import { readDrills } from '../drill-files.ts';

const workflow = readFileSync('.github/workflows/evidence.yml', 'utf8');

test('the workflow offers only drills that stage aws runs', async () => {
  const [, offered = ''] = /options: \[(.*)\]/.exec(workflow) ?? [];
  const ids = offered.split(', ');
  expect(ids).toContain('task-kill');
  const { system, path } = await loadSystem();
  const specs = await readDrills(ids, system, path);
  expect(specs.map(({ fault }) => fault.unavailableOn(attachAws(), system))).toEqual(ids.map(() => undefined));
});

test('a plan that cannot be made ends the workflow, though it is piped', () => {
  for (const [step] of workflow.matchAll(/- run: .* \| .*\n(?:\s+#.*\n)*(.*)/g)) expect(step).toMatch(/shell: bash$/);
});

test('the evidence is kept before leftovers are looked for', () => {
  expect(workflow.indexOf('path: reports/runs')).toBeLessThan(workflow.indexOf('kunren sweep'));
});
