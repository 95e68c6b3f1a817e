import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type Case, envOf, expectNothingLeft, expectRefusal, expectRefused, inFolder } from './refusal.ts';
import { kunren, testFolder } from './run-kunren.ts';

// What a person asks for wrongly is told in one line that names it and the remedy, ends with 3, and leaves nothing.

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** Config files and what they name; the cases only read them. */
const shared = testFolder();
afterAll(() => rmSync(shared, { recursive: true, force: true }));

function written(name: string, text: string): string {
  writeFileSync(join(shared, name), text);
  return join(shared, name);
}

/** Rehearses the facility system with some members of its description, or of its service, written otherwise. */
function withConfig(name: string, changes: string, serviceChanges = '{}', drills = ['no-fault']): string[] {
  const text = `
    import facility from '${PROJECT}/kunren.config.ts';
    const sql = facility.twin.sql.map((file) => '${PROJECT}/' + file);
    const service = { ...facility.services[0], command: ['node', '${PROJECT}/fixtures/app/staff-api.ts'] };
    export default { ...facility, twin: { sql }, services: [{ ...service, ...${serviceChanges} }], ...${changes} };`;
  return ['rehearse', ...drills, '--config', written(`${name}.config.ts`, text)];
}

const withCommand = (name: string, command: readonly string[], lags = '{}'): string[] =>
  withConfig(name, `{ twin: { sql, lags: ${lags} } }`, `{ command: ${JSON.stringify(command)} }`);

written('bad.sql', 'CREATE TABLE x (a int);\nINSERT INOT x VALUES (1);\n');
written('exits.mjs', `console.error('Error: the licence has run out');\nprocess.exit(4);\n`);
written('silent.mjs', 'setInterval(() => {}, 1_000);\n');

const usage: Case[] = [
  { name: 'an unknown command', args: ['reherse'], says: /^unknown command 'reherse'.*rehearse.*kunren help/ },
  { name: 'an unknown option', args: ['rehearse', '--sed', '1'], says: /^unknown option '--sed'.*--seed.*kunren help/ },
  {
    name: 'a seed that is no number',
    args: ['rehearse', '--seed', 'x'],
    says: /--seed.*'x'.*whole number.*kunren help/,
  },
  { name: 'an empty seed', args: ['rehearse', '--seed', ''], says: /--seed.*''.*whole number.*kunren help/ },
  { name: 'a missing argument', args: ['judge'], says: /^missing required argument 'run'.*kunren help/ },
  { name: 'a port that is none', args: ['stage', 'up', '--port', '70000'], says: /'70000'.*1 to 65535.*kunren help/ },
  { name: 'an unknown pace', args: ['stage', 'up', '--pace', 'slow'], says: /"slow".*use fast or aws/ },
  { name: 'an unknown drill', args: ['rehearse', 'task-kil'], says: /no drill "task-kil".*choose from:.*task-kill/ },
  {
    name: 'an unknown spoil',
    args: ['rehearse', '--spoil', 'rot'],
    says: /no spoil "rot".*choose from: lossy-commits/,
  },
  { name: 'an unknown stage', args: ['rehearse', '--stage', 'moon'], says: /moon.*use twin, localstack, aws/ },
  { name: 'an unknown weather', args: ['rehearse', '--weather', 'wet'], says: /wet.*use fair, rough/ },
  {
    name: "the twin's weather elsewhere",
    args: ['rehearse', '--stage', 'localstack', '--weather', 'rough'],
    says: /^--weather and --spoil are of stage twin, not localstack/,
  },
  {
    name: 'a restore time without an offset',
    args: ['rehearse', 'point-in-time-restore', '--restore-to', '2025-03-01 17:59:00'],
    says: /--restore-to "2025-03-01 17:59:00" says no offset from UTC.*\+09:00, or Z/,
  },
  {
    name: 'a restore time that is none',
    args: ['rehearse', 'point-in-time-restore', '--restore-to', 'an hour ago'],
    says: /--restore-to "an hour ago" is not an instant/,
  },
  { name: 'an unknown run', args: ['judge', 'monday'], says: /no run "monday" in .*Name a folder that is there/ },
];

const configs: Case[] = [
  {
    name: 'a missing config',
    args: ['rehearse', '--config', join(shared, 'none.ts')],
    says: /no system description at \S*none\.ts.*--config FILE/,
  },
  {
    name: 'an unknown lag',
    args: withConfig('lag', '{ twin: { sql, lags: { provisoningMs: 3 } } }'),
    says: /lag\.config\.ts: twin\.lags\.provisoningMs: 3 .*Use "provisioningMs"/,
  },
  {
    name: 'a scenario that a drill needs and the config lacks',
    args: withConfig('scenario', `{ scenarios: facility.scenarios.filter(({ id }) => id !== 'task-failure') }`, '{}', [
      'no-fault',
      'task-kill',
    ]),
    says: /drill task-kill is judged by "task-failure", which .*scenario\.config\.ts.*add it to `scenarios`/,
  },
  {
    name: 'SQL with an error',
    args: withConfig('sql', `{ twin: { sql: ['bad.sql'] } }`),
    says: /database refuses \S*bad\.sql:2: syntax error at or near "INOT"\. Remedy: correct this file of twin\.sql/,
  },
  {
    name: 'a value that RDS refuses',
    args: withConfig('refused', `{ database: { ...facility.database, name: 'rdsadmin' } }`),
    says: /system facility cannot be built.*DBName.*rdsadmin.*correct the field/,
  },
  {
    name: 'a command that ends at once',
    args: withCommand('exits', ['node', 'exits.mjs']),
    says: /service staff-api does not start: "node \S*exits\.mjs" .*exit code 4.*the licence has run out\. Remedy: correct services/,
  },
  {
    name: 'a command that does not exist',
    args: withCommand('absent', ['no-such-program', 'serve']),
    says: /service staff-api does not start: "no-such-program serve" .*cannot be run.*correct services\[\]\.command/,
  },
  {
    name: 'a command that never listens',
    args: withCommand('silent', ['node', 'silent.mjs'], '{ listenMsMax: 1_000 }'),
    says: /service staff-api does not start: "node \S*silent\.mjs" .*did not listen on its port.*listens on \$PORT/,
  },
  {
    name: 'a health path that is not there',
    args: withConfig('health', '{}', `{ health: { path: '/nope' } }`),
    says: /staff-api runs and does not become healthy: the balancer asks \/nope .*\[404\].*correct services\[\]\.health/,
  },
];

test.each([...usage, ...configs])('$name is refused in one line', { timeout: 60_000 }, expectRefused);

test('a port in use is refused in one line', { timeout: 60_000 }, () =>
  inFolder(async (folder) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    const ended = await kunren(['stage', 'up', '--port', String(port)], envOf(folder));
    holder.close();
    expectRefusal(ended, new RegExp(`port ${port} of 127\\.0\\.0\\.1 \\(EADDRINUSE\\)\\. Remedy: Give another --port`));
    expectNothingLeft(envOf(folder));
  }),
);

test('a second stage beside the one that is up is refused in one line', { timeout: 60_000 }, () =>
  inFolder(async (folder) => {
    const env = envOf(folder);
    const first = await kunren(['stage', 'up'], env);
    const before = readdirSync(env.KUNREN_HOME);
    const second = await kunren(['stage', 'up'], env);
    const after = readdirSync(env.KUNREN_HOME);
    const down = await kunren(['stage', 'down'], env);
    expect([first.code, down.code], first.stderr + down.stderr).toEqual([0, 0]);
    expectRefusal(second, /A stage is up already at http:\S+\. Remedy: run kunren stage down first/);
    expect(after).toEqual(before);
    expectNothingLeft(env);
  }),
);
