import type { System } from '../../../../fixtures/core/system.ts';
import { callsOf, type Plan } from './plan.ts';

/** What is paid on account of a drill, and what that costs where prices are configured. */
export interface Cost {
  readonly lines: readonly { readonly unit: string; readonly amount: number; readonly price?: number }[];
  /** Absent where a price is missing. */
  readonly total?: number;
}

const MS_PER_HOUR = 3_600_000;

/** What is paid by the hour is taken to run for the expected length of the drill; AWS's own least charges are left out. */
export function costOf(plan: Plan, prices: System['prices']): Cost {
  const wanted = Map.groupBy(
    callsOf(plan).flatMap(({ costs = [] }) => costs),
    ({ unit }) => unit,
  );
  const lines = [...wanted].map(([unit, costs]) => {
    const count = costs.reduce((sum, cost) => sum + cost.count, 0);
    const amount = unit.endsWith('-minute') ? count : (count * plan.expectedMs) / MS_PER_HOUR;
    const perUnit = prices?.perUnit[unit];
    return { unit, amount, ...(perUnit !== undefined && { price: amount * perUnit }) };
  });
  const known = lines.every(({ price }) => price !== undefined);
  return { lines, ...(known && { total: lines.reduce((sum, { price = 0 }) => sum + price, 0) }) };
}
