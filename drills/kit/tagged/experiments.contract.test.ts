import { expect, test } from 'vitest';
import { CallLog } from '../../../fixtures/core/api-call.ts';
import type { Field } from '../../../fixtures/core/fault.ts';
import { patienceOf } from '../../../fixtures/core/patience.ts';
import type { Stage } from '../../../fixtures/core/stage.ts';
import { RUN_TAG } from '../../../fixtures/stages/run-tags.ts';
import { ended, run, startsFis, type TestFis } from '../../../fixtures/twin/fis/test-fis.ts';
import { machineClock } from '../../../probes/clock.ts';
import type { MadeBy } from '../../procedures/made-by.ts';
import { noExperiment } from '../guard/no-experiment.ts';
import { taggedExperiments, taggedTemplates } from './experiments.ts';

const REGION = 'ap-northeast-1';
const start = startsFis();

const placeOf = ({ url }: TestFis): MadeBy => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const clientSettings = (region: string) => ({ region, endpoint: url, credentials });
  const stage = { clientSettings, calls: new CallLog() } as unknown as Stage;
  const signal = AbortSignal.timeout(5_000);
  return {
    runId: 'r',
    system: { regions: { primary: REGION } } as MadeBy['system'],
    stage,
    clock: machineClock,
    patience: patienceOf('twin'),
    signal,
  };
};

test('an experiment of a run is stopped, also one that has ended since it was found', async () => {
  const fis = await start({ lags: { experimentMinuteMs: 60_000 } });
  const place = placeOf(fis);
  const tags = { [RUN_TAG]: 'r' };
  expect(await noExperiment(place as Field)).toBe('no experiment is under way');
  const ours = await run(fis, { tags }, { tags });
  const foreign = await run(fis);
  // While any is, whoever's it is, no drill begins.
  const refused = await noExperiment(place as Field).catch(({ message }) => message);
  expect(refused).toMatch(/^refused by nothing-in-progress: .* Remedy: .*kunren sweep/);
  for (const one of [`${ours} of run r`, foreign]) expect(refused).toContain(one);
  const found = await taggedExperiments(place, REGION);
  expect(found).toMatchObject([{ name: `experiment ${ours} in ${REGION}`, runId: 'r' }]);
  await found[0]!.remove(place);
  expect((await ended(fis, ours)).state!.status).toBe('stopped');
  await found[0]!.remove(place);
  expect(await taggedExperiments(place, REGION)).toEqual([]);
  expect(fis.host.truth.filter(({ subject }) => subject === foreign).at(-1)!.detail!['status']).not.toBe('stopped');

  const [template, ...others] = await taggedTemplates(place, REGION);
  expect(others).toEqual([]);
  await template!.remove(place);
  await template!.remove(place);
  expect(await taggedTemplates(place, REGION)).toEqual([]);
});
