import { tableLabel } from '../../catalogue/catalogue.ts';
import type { TableComparison } from '../compare-tables.ts';

/** Which differences between a restored database (left) and the running one (right) are as they should be. */
export interface Expected {
  /** Labels of tables in which rows change by themselves. */
  readonly volatile: readonly string[];
  /** Label of the table that has lost rows, until they are back. */
  readonly deletedFrom?: string;
}

/** The differences in words, those that are intended told apart from those that are not. */
export interface Explained {
  readonly unintended: readonly string[];
  readonly intended: readonly string[];
}

/**
 * Sorts the differences: rows that only production has were written since, and those of volatile tables come and go.
 * A row that production lacks, or has with other content, is not intended, but for rows that are known to be deleted.
 * Nor is a table or a column that one side lacks, volatile or not. A changed row of a table without a key is one that
 * production lacks.
 */
export function explainDifferences(comparisons: readonly TableComparison[], expected: Expected): Explained {
  const [unintended, intended]: [string[], string[]] = [[], []];
  for (const one of comparisons) {
    const label = tableLabel(one.table);
    const mayChange = expected.volatile.includes(label);
    const told = findings(one, mayChange, mayChange || expected.deletedFrom === label);
    // Unequal is unequal, though nothing was found that tells why.
    if (told.length === 0 && !one.equal)
      told.push([
        mayChange,
        `${one.leftRows} rows restored, ${one.rightRows} in production, not the same${doubt(one)}`,
      ]);
    for (const [isIntended, sentence] of told) (isIntended ? intended : unintended).push(`${label}: ${sentence}`);
  }
  return { unintended, intended };
}

type Finding = readonly [isIntended: boolean, sentence: string];

/** Keys are told of what is wrong, and not of what is as it should be. */
function findings(one: TableComparison, mayChange: boolean, mayLose: boolean): Finding[] {
  const { onlyLeft, onlyRight, differing, columnsOnlyLeft = [], columnsOnlyRight = [] } = one;
  const told: Finding[] = [];
  if (one.absentFrom !== undefined)
    told.push([false, `missing from ${one.absentFrom === 'left' ? 'the restored database' : 'production'}`]);
  if (columnsOnlyLeft.length > 0) told.push([false, `production lacks column ${columnsOnlyLeft.join(', ')}`]);
  if (columnsOnlyRight.length > 0)
    told.push([false, `the restored database lacks column ${columnsOnlyRight.join(', ')}`]);
  if (onlyLeft.count > 0n)
    told.push([
      mayLose,
      `production lacks ${mayLose ? rows(onlyLeft.count) : listed(onlyLeft)}${one.keyed ? '' : ', or has them changed'}${doubt(one)}`,
    ]);
  if (onlyRight.count > 0n) told.push([true, `${rows(onlyRight.count)} written since`]);
  if (differing.count > 0n) {
    const keys = differing.rows.map(({ key, columns }) => `${key} in ${columns.join(' and ')}`);
    told.push([
      mayChange,
      `other content in ${mayChange ? rows(differing.count) : listed({ count: differing.count, keys })}`,
    ]);
  }
  return told;
}

const doubt = ({ keyed }: TableComparison): string => (keyed ? '' : '; it has no key to tell which');
const rows = (count: bigint): string => `${count} ${count === 1n ? 'row' : 'rows'}`;

function listed({ count, keys }: { readonly count: bigint; readonly keys: readonly string[] }): string {
  if (keys.length === 0) return rows(count);
  return `${rows(count)} (${keys.join('; ')}${BigInt(keys.length) < count ? ', …' : ''})`;
}
