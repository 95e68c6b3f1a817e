import type { Field } from '../../../fixtures/core/fault.ts';
import { notOfferedBy } from '../../../fixtures/core/missing-api.ts';
import { until } from '../../../fixtures/core/until.ts';
import { RUN_TAG } from '../../../fixtures/stages/run-tags.ts';
import { experimentsUnderWay } from '../tagged/experiments.ts';
import { refusal } from './refusal.ts';

/**
 * No experiment of AWS FIS is under way in the region, whoever has started it: while one still cuts a zone the system may
 * look whole, and losing another would take all of it. Resolves to what was seen.
 */
export async function noExperiment(field: Field): Promise<string> {
  const { stage, system, clock, patience, signal } = field;
  const wait = { name: 'the list of experiments of AWS FIS', limitMs: patience.noticeMs, everyMs: patience.pollMs };
  const remedy = 'look whether this identity may list the experiments of AWS FIS.';
  try {
    const found = await until(clock, { ...wait, signal, remedy }, () =>
      experimentsUnderWay(stage, system.regions.primary),
    );
    if (found.length === 0) return 'no experiment is under way';
    const ids = found.map(
      ({ id, tags = {} }) => `${id}${tags[RUN_TAG] === undefined ? '' : ` of run ${tags[RUN_TAG]}`}`,
    );
    const what = `experiments of AWS FIS are under way: ${ids.join(', ')}`;
    throw refusal('nothing-in-progress', what, 'wait for their end; those of a dead run are ended by kunren sweep.');
  } catch (error) {
    if (notOfferedBy(stage, error) === undefined) throw error;
    return 'the stage has no experiments';
  }
}
