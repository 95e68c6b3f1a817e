import { tryUntil } from '../../fixtures/core/until.ts';
import { drilledService, shortArn } from '../../fixtures/faults/victim-task.ts';
import { runningTasks } from '../../fixtures/stages/running-tasks.ts';
import type { Check } from '../../reports/core/evidence.ts';
import { recoversByItself } from './checks.ts';
import type { CheckMaker } from './spec.ts';

/**
 * The system came back by itself, and the tasks themselves show by what: as many run as should, none of them is one that
 * was hurt, and one did not run before. A count alone would not do: it may never have changed.
 */
export const taskIsReplaced =
  (id: string, claim: Check['claim']): CheckMaker =>
  async (facts) => {
    const byItself = await recoversByItself(id, claim)(facts);
    if (byItself.outcome !== 'yes') return byItself;
    const { clock, patience, signal } = facts.field;
    const service = drilledService(facts.field);
    const { targets: hurt = [], besides = [] } = facts.hits ?? {};
    let running: readonly string[] | undefined;
    let silence = '';
    const wait = { name: 'another task', limitMs: patience.noticeMs, everyMs: patience.pollMs, signal };
    const look = async () => {
      running = undefined; // A look that fails shows nothing.
      const tasks = await runningTasks(facts.field, service.name);
      running = tasks.flatMap(({ taskArn = '', lastStatus }) => (lastStatus === 'RUNNING' ? taskArn : []));
      const isEnough = running.length >= service.desiredCount && !running.some((arn) => hurt.includes(arn));
      return isEnough && running.some((arn) => !besides.includes(arn)) ? true : undefined;
    };
    const isReplaced = await tryUntil(clock, wait, look, (error) => {
      silence = error instanceof Error ? error.message : 'the tasks were not described';
    });
    if (running === undefined) return { id, claim, outcome: 'unknown', seen: silence };
    const names = running.map(shortArn).join(', ') || 'none';
    const seen = `${byItself.seen}; running now: ${names}; hurt was: ${hurt.map(shortArn).join(', ') || 'none'}`;
    return { id, claim, outcome: isReplaced && hurt.length > 0 ? 'yes' : 'no', seen };
  };
