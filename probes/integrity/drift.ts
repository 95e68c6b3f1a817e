import { describeObjects, type ObjectKind } from './object-texts.ts';
import type { Side } from './side.ts';

/** One thing beside the rows that is not the same on both sides. */
export interface Drift {
  readonly kind: ObjectKind;
  /** `table public.orders column status`, `role facility_admin`. */
  readonly what: string;
  /** `undefined`: that side has no such thing. */
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** Compares schema, extensions, roles and the settings that change content or what clients see. Empty: no difference. */
export async function findDrift(left: Side, right: Side): Promise<Drift[]> {
  const [lefts, rights] = [await describeObjects(left), await describeObjects(right)];
  const names = [...new Set([...lefts.keys(), ...rights.keys()])].sort();
  return names.flatMap((name) => {
    const [l, r] = [lefts.get(name), rights.get(name)];
    if (l?.text === r?.text) return [];
    const { kind, what } = (l ?? r)!;
    return [{ kind, what, left: l?.text, right: r?.text }];
  });
}

/** For people, one line. */
export const driftText = ({ what, left, right }: Drift): string =>
  `${what}: ${left ?? 'missing'}, in production ${right ?? 'missing'}`;
