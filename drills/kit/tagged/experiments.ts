import {
  DeleteExperimentTemplateCommand,
  type ExperimentSummary,
  GetExperimentCommand,
  paginateListExperiments,
  paginateListExperimentTemplates,
  ResourceNotFoundException,
  StopExperimentCommand,
} from '@aws-sdk/client-fis';
import type { Stage } from '../../../fixtures/core/stage.ts';
import { until } from '../../../fixtures/core/until.ts';
import { allPages } from '../../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import type { MadeBy } from '../../procedures/made-by.ts';
import { claimed } from './claimed.ts';
import type { Account, Tagged } from './tagged.ts';

/** States in which an experiment may still break something (FIS API reference). */
const UNDER_WAY = new Set(['pending', 'initiating', 'running', 'stopping']);

/** All that are under way, whoever has started them: those that have ended are a record that FIS keeps. */
export async function experimentsUnderWay(stage: Stage, region: string): Promise<ExperimentSummary[]> {
  const { fis: client } = clientsOf(stage, region);
  const pages = await allPages(paginateListExperiments({ client }, {}));
  const listed = pages.flatMap(({ experiments = [] }) => experiments);
  return listed.filter(({ state }) => UNDER_WAY.has(state?.status ?? ''));
}

export async function taggedExperiments({ stage }: Account, region: string): Promise<Tagged[]> {
  return (await experimentsUnderWay(stage, region)).flatMap(({ id = '', tags = {} }) =>
    claimed(tags, { name: `experiment ${id} in ${region}`, remove: (place) => stopExperiment(place, region, id) }),
  );
}

export async function taggedTemplates({ stage }: Account, region: string): Promise<Tagged[]> {
  const { fis: client } = clientsOf(stage, region);
  const pages = await allPages(paginateListExperimentTemplates({ client }, {}));
  return pages
    .flatMap(({ experimentTemplates = [] }) => experimentTemplates)
    .flatMap(({ id = '', tags = {} }) =>
      claimed(tags, {
        name: `experiment template ${id} in ${region}`,
        remove: async () => {
          await client.send(new DeleteExperimentTemplateCommand({ id })).catch(ignoreGone);
        },
      }),
    );
}

async function stopExperiment({ stage, clock, patience, signal }: MadeBy, region: string, id: string): Promise<void> {
  const { fis } = clientsOf(stage, region);
  const isOver = async () => {
    const { experiment } = await fis.send(new GetExperimentCommand({ id }));
    return !UNDER_WAY.has(experiment?.state?.status ?? '');
  };
  await fis.send(new StopExperimentCommand({ id })).catch(async (error: unknown) => {
    // One that has ended since it was listed cannot be stopped, and need not be.
    if (!(await isOver())) throw error;
  });
  await until(
    clock,
    {
      ...{ name: `experiment ${id} to end`, limitMs: patience.deleteMs, everyMs: patience.pollMs, signal },
      remedy: 'look at its actions in the console of FIS.',
    },
    async () => ((await isOver()) ? true : undefined),
  );
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof ResourceNotFoundException)) throw error;
}
