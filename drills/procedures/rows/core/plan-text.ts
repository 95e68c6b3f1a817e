import type { LeftAlone, Refusal, RowsOutcome, RowsPlan, RowText, TablePlan } from '../rows-plan.ts';

/** A plan for people. */
export function planText(plan: RowsPlan): string {
  const { from, to, where, tables, deferred, locks, sequences, refusals } = plan;
  return [
    `From ${from.database} at ${from.address} to ${to.database} at ${to.address}${where === undefined ? '' : `, where ${where}`}`,
    ...tables.flatMap(tableLines),
    ...section(
      'Foreign keys checked at the end',
      deferred.map((key) => `${key.table}: ${key.constraint}${key.altered ? ' (made deferrable and back again)' : ''}`),
    ),
    ...section(
      'Locks until the end, beside those of every insert',
      locks.map((lock) => `${lock.table}: ${lock.mode}: ${lock.why}`),
    ),
    ...section(
      'Sequences moved on',
      sequences.map((move) => `${move.sequence}: from ${move.from} to ${move.to}`),
    ),
    ...section('Refused', refusals.map(refusalLine)),
  ].join('\n');
}

/** What was done, for people: the plan, and what came of it. */
export function outcomeText({ plan, applied, inserted }: RowsOutcome): string {
  const done = inserted.map(({ table, rows }) => `${counted(rows)} of ${table}`).join(', ');
  const result = done === '' ? 'Nothing to insert: nothing was changed.' : `Inserted, compared and committed: ${done}.`;
  return `${planText(plan)}\n\n${applied ? result : 'Refused: nothing was changed.'}`;
}

/** Each refusal in one line. */
export const refusalLine = ({ code, problem, remedy }: Refusal): string => `${problem} Remedy: ${remedy} [${code}]`;

const counted = (rows: number): string => `${rows} ${rows === 1 ? 'row' : 'rows'}`;

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

function tableLines(table: TablePlan): string[] {
  const left = table.leftAlone.flatMap(leftAloneLines);
  const more = table.conflicts + table.orphans - table.leftAlone.length;
  return [
    '',
    `${table.table} (${table.key.length === 0 ? 'no key: by whole rows' : `by ${table.key.join(', ')}`})`,
    `  restored database: ${counted(table.rowsRestored)}, ${table.same} of them the same in production, which has ${counted(table.rowsProduction)}`,
    `  missing: ${table.missing}; to insert: ${table.toInsert}; left alone: ${table.conflicts} in conflict, ${table.orphans} without what they refer to`,
    ...table.notes.map((note) => `  ${note}`),
    ...left.map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more} more left alone`] : []),
  ];
}

const leftAloneLines = ({ reason, restored, production }: LeftAlone): string[] => [
  `left alone: ${reason}`,
  `  restored:   ${valuesText(restored)}`,
  ...(production === undefined ? [] : [`  production: ${valuesText(production)}`]),
];

/** On one line, whatever the values hold. */
const valuesText = (row: RowText): string =>
  Object.entries(row)
    .map(([column, value]) => `${column}=${value === null ? 'NULL' : JSON.stringify(value)}`)
    .join(' ');
