import { KunrenError } from '../../probes/core/error.ts';

/** What is chosen from, and how to say which. */
interface Choice {
  /** In the plural: `RDS instances`. */
  readonly what: string;
  readonly where: string;
  /** `--database`. */
  readonly flag: string;
  readonly named: string | undefined;
}

/** The one that was named, or the only one there is. */
export function chooseOne<T>({ what, where, flag, named }: Choice, all: readonly T[], nameOf: (one: T) => string): T {
  const names = all.map(nameOf).sort();
  if (all.length === 0) {
    throw new KunrenError('nothing-found', `There are no ${what} in ${where}.`, 'name another region with --region.');
  }
  const found = named === undefined ? all : all.filter((one) => nameOf(one) === named);
  const [one, ...more] = found;
  if (one !== undefined && more.length === 0) return one;
  const problem =
    one === undefined
      ? `There is no "${named}" among the ${what} in ${where}`
      : `There are several ${what} in ${where}`;
  throw new KunrenError('which-one', `${problem}.`, `name one with ${flag}: ${names.join(', ')}.`);
}
