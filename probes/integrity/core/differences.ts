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
 */
export function explainDifferences(comparisons: readonly TableComparison[], expected: Expected): Explained {
  const unintended: string[] = [];
  const intended: string[] = [];
  for (const one of comparisons) {
    const label = tableLabel(one.table);
    const tell = (sentence: string, isIntended: boolean): void =>
      void (isIntended ? intended : unintended).push(`${label}: ${sentence}`);
    const isVolatile = expected.volatile.includes(label);
    if (one.absentFrom !== undefined) {
      tell(`missing from ${one.absentFrom === 'left' ? 'the restored database' : 'production'}`, false);
      continue;
    }
    if (one.equal) continue;
    if (!one.keyed) {
      tell(
        `${one.leftRows} rows restored, ${one.rightRows} in production, not the same; it has no key to tell which`,
        isVolatile,
      );
      continue;
    }
    const { onlyLeft, onlyRight, differing } = one;
    const deleted = expected.deletedFrom === label;
    if (onlyLeft.count > 0n) tell(`production lacks ${listed(onlyLeft)}`, isVolatile || deleted);
    if (onlyRight.count > 0n) tell(`${onlyRight.count} rows written since`, true);
    if (differing.count > 0n) {
      const shown = differing.rows.map(({ key, columns }) => `${key} in ${columns.join(' and ')}`);
      tell(`other content in ${listed({ count: differing.count, keys: shown })}`, isVolatile);
    }
  }
  return { unintended, intended };
}

function listed({ count, keys }: { readonly count: bigint; readonly keys: readonly string[] }): string {
  const more = BigInt(keys.length) < count ? ', …' : '';
  return `${count} ${count === 1n ? 'row' : 'rows'} (${keys.join('; ')}${more})`;
}
