import type { PlannedCall } from '../../../../fixtures/core/planned-call.ts';
import type { System } from '../../../../fixtures/core/system.ts';
import { durationText } from '../../../../reports/core/duration-text.ts';
import { costOf } from './cost.ts';
import { callsOf, type Plan } from './plan.ts';
import { policyOf } from './policy.ts';

/** What the reader must be told of where it would run. */
export interface PlanFrame {
  readonly stage: string;
  /** `*` when the operator named none. */
  readonly account: string;
}

/** A plan to be read and approved. */
export function planText(plan: Plan, system: System, frame: PlanFrame): string {
  const lines = [
    `Plan of drill ${plan.drillId} on stage ${frame.stage}, system ${system.name}, account ${frame.account}`,
    ...(plan.notRun === undefined ? [] : [`NOT RUN on stage ${frame.stage}: ${plan.notRun}`]),
    plan.title,
    `Fault: ${plan.fault}`,
    '',
  ];
  let number = 0;
  for (const { phase, calls } of plan.phases) {
    if (calls.length === 0) continue;
    lines.push(`${phase}:`);
    for (const call of calls) lines.push(...callLines(++number, call));
  }
  const actions = policyOf(callsOf(plan), frame.account).Statement.flatMap(({ Action }) => Action);
  lines.push(
    ...['Beside the API of AWS:', ...plan.besides.map((line) => `  ${line}`)],
    '',
    `May break: ${
      callsOf(plan)
        .flatMap(({ breaks }) => breaks ?? [])
        .join('; ') || 'nothing through the API of AWS'
    }`,
    `Expected to take: ${durationText(plan.expectedMs)} when every objective is kept; ended and undone after ${durationText(plan.limitMs)}`,
    ...costLines(plan, system),
    `IAM actions needed: ${[...new Set(actions)].toSorted().join(', ')}`,
    'Nothing has been asked and nothing was touched.',
  );
  return lines.join('\n');
}

function callLines(number: number, { call, region, parameters, breaks, undo }: PlannedCall): string[] {
  const given = JSON.stringify(parameters);
  return [
    `  ${number}. ${call} in ${region}${given === '{}' ? '' : ` ${given}`}`,
    ...(breaks === undefined ? [] : [`     may break: ${breaks}`]),
    ...(undo === undefined ? [] : [`     taken back by: ${undo}`]),
  ];
}

function costLines(plan: Plan, { prices }: System): string[] {
  const { lines, total } = costOf(plan, prices);
  if (lines.length === 0) return ['Costs: nothing is made that is paid by the hour'];
  const parts = lines.map(({ unit, amount, price }) => {
    const [kind, unitWord] = unit.endsWith('-minute') ? [unit.slice(0, -7), 'minutes'] : [unit, 'hours'];
    const cost = price === undefined ? 'no price is configured (prices.perUnit)' : money(price, prices?.currency);
    return `  ${kind}: ${amount.toFixed(2)} ${unitWord}: ${cost}`;
  });
  const dated = prices === undefined ? '' : ` (prices of ${prices.asOf}, ${prices.source})`;
  const sum = total === undefined ? 'not known' : money(total, prices?.currency);
  return [`Costs: ${sum}${dated}`, ...parts];
}

const money = (amount: number, currency = ''): string => `${amount.toFixed(2)} ${currency}`.trim();
