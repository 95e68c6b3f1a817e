import { expect, test } from 'vitest';
import type { RowsPlan, TablePlan } from '../rows-plan.ts';
import { outcomeText, planText } from './plan-text.ts';

const orders: TablePlan = {
  table: 'public.orders',
  key: ['id'],
  rowsRestored: 1_000,
  rowsProduction: 12,
  same: 0,
  missing: 990,
  toInsert: 988,
  conflicts: 11,
  orphans: 1,
  leftAlone: [
    {
      why: 'same-key',
      reason: 'production has other content under the same key (id)',
      restored: { id: '1', title: 'line\nbreak', note: null },
      production: { id: '1', title: '"quoted"', note: '注文' },
    },
    { why: 'no-parent', reason: 'it refers to a row that is not there', restored: { id: '2', title: 'x', note: null } },
  ],
  notes: ['triggers of public.orders do not fire for these rows: audit'],
};

const plan: RowsPlan = {
  from: { database: 'restored', address: '10.0.0.2:5432' },
  to: { database: 'facility', address: '10.0.0.1:5432' },
  tables: [orders, { ...orders, table: 'public.log', key: [], conflicts: 0, orphans: 0, leftAlone: [], notes: [] }],
  where: "status = 'ordered'",
  deferred: [{ table: 'public.staff', constraint: 'staff_store_fkey', altered: true }],
  locks: [{ table: 'public.orders', mode: 'SHARE ROW EXCLUSIVE', why: 'its triggers are disabled' }],
  sequences: [{ sequence: 'public.orders_id_seq', from: '10', to: '1000' }],
  refusals: [{ code: 'rows-hidden', table: 'public.log', problem: 'It is hidden.', remedy: 'show it.' }],
};

test('a plan says what will happen, table by table', () => {
  expect(`${planText(plan)}\n`).toMatchInlineSnapshot(`
    "From restored at 10.0.0.2:5432 to facility at 10.0.0.1:5432, where status = 'ordered'

    public.orders (by id)
      restored database: 1000 rows, 0 of them the same in production, which has 12 rows
      missing: 990; to insert: 988; left alone: 11 in conflict, 1 without what they refer to
      triggers of public.orders do not fire for these rows: audit
      left alone: production has other content under the same key (id)
        restored:   id="1" title="line\\nbreak" note=NULL
        production: id="1" title="\\"quoted\\"" note="注文"
      left alone: it refers to a row that is not there
        restored:   id="2" title="x" note=NULL
      … and 10 more left alone

    public.log (no key: by whole rows)
      restored database: 1000 rows, 0 of them the same in production, which has 12 rows
      missing: 990; to insert: 988; left alone: 0 in conflict, 0 without what they refer to

    Foreign keys checked at the end
      public.staff: staff_store_fkey (made deferrable and back again)

    Locks until the end, beside those of every insert
      public.orders: SHARE ROW EXCLUSIVE: its triggers are disabled

    Sequences moved on
      public.orders_id_seq: from 10 to 1000

    Refused
      It is hidden. Remedy: show it. [rows-hidden]
    "
  `);
});

const ended = (refusals: RowsPlan['refusals']): RowsPlan => ({ ...plan, refusals });

test.each([
  [
    { plan: ended([]), applied: true, inserted: [{ table: 'public.orders', rows: 1 }] },
    'Inserted, compared and committed: 1 row of public.orders.',
  ],
  [{ plan: ended([]), applied: true, inserted: [] }, 'Nothing to insert: nothing was changed.'],
  [{ plan, applied: false, inserted: [] }, 'Refused: nothing was changed.'],
])('an outcome ends with what was done', (outcome, last) => {
  expect(outcomeText(outcome).split('\n').at(-1)).toBe(last);
});
