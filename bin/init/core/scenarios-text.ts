/** The scenarios by which the drills are judged, by the ids that they know them by. Only the runbook knows the rest. */
const SCENARIOS = [
  {
    id: 'task-failure',
    level: 1,
    recovery: 'automatic',
    en: 'A task fails',
    ja: 'タスク障害',
    objectives: ['rto', 'rpo'],
  },
  {
    id: 'az-failure',
    level: 2,
    recovery: 'automatic',
    en: 'A zone fails',
    ja: 'AZ障害',
    objectives: ['rto', 'rpo'],
  },
  {
    id: 'failover-exercise',
    level: 2,
    recovery: 'automatic',
    en: 'The database is failed over',
    ja: 'フェイルオーバー訓練',
    objectives: ['downtime'],
  },
] as const;

/** The lines of `levels` and `scenarios`. An objective that nobody has promised is not made up: `{}` is refused. */
export const SCENARIOS_TEXT = [
  '  // TODO: the classes of disaster of your runbook, and its objectives for each, if it has some.',
  '  levels: [',
  "    { level: 1, title: { en: 'A part fails', ja: '一部の障害' } },",
  "    { level: 2, title: { en: 'A zone fails', ja: 'AZ障害' } },",
  '  ],',
  '  // TODO: what you promise, e.g. { minutes: 5 }, and where your runbook says so. Leave out what it does not promise.',
  '  // Other drills need accidental-delete, point-in-time-restore and backup-restore: add them with `data`.',
  '  scenarios: [',
  ...SCENARIOS.flatMap(({ id, level, recovery, en, ja, objectives }) => [
    '    {',
    `      id: '${id}',`,
    `      title: { en: '${en}', ja: '${ja}' },`,
    `      level: ${level},`,
    `      recovery: '${recovery}',`,
    ...objectives.map((objective) => `      ${objective}: {}, // TODO`),
    "      source: '', // TODO",
    '    },',
  ]),
  '  ],',
];
