import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListTasksCommand, TagResourceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachStage } from '../fixtures/stages/attach-stage.ts';
import { clientsOf } from '../fixtures/stages/clients.ts';
import { type RunningTwin, startTwinStage } from '../fixtures/stages/twin-process.ts';
import { loadSystem } from '../fixtures/system-file.ts';
import { drillsHere } from './doctor/drills-here.ts';
import { guardNeeds } from './doctor/guard-needs.ts';
import { examine } from './doctor/need.ts';
import { init } from './init.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import { kunren, testFolder } from './run-kunren.ts';

// A user's first commands, against an account of which nothing is known: the twin with the facility system on it.

let folder: string;
let twin: RunningTwin;
const facility = await loadSystem('kunren.config.ts');
beforeAll(async () => {
  folder = testFolder();
  process.env['KUNREN_HOME'] = join(folder, 'stages');
  const { system, directory: configDirectory } = facility;
  twin = await startTwinStage({ system, configDirectory, seed: 1, owned: true });
});
afterAll(async () => {
  await twin?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name = 'kunren.config.ts'): string => join(folder, name);

/** What only people know, in the order in which the file asks for it. */
function completed(text: string): string {
  const hosts = Object.entries(twin.handle.hosts).map(
    ([host, { address, port }]) => `'${host}': 'http://${address}:${port}'`,
  );
  return text
    .replace("title: { en: '', ja: '' }", "title: { en: 'Facilities', ja: '設備' }")
    .replace("timeZone: ''", "timeZone: 'Asia/Tokyo'")
    .replace("runbook: { title: '', version: '' }", "runbook: { title: 'Runbook', version: '1' }")
    .replace('command: []', "command: ['node', 'server.ts']")
    .replaceAll('{}, // TODO', '{ minutes: 5 },')
    .replaceAll("source: '', // TODO", "source: 'chapter 1',")
    .replace('guardRails: {},', `localstack: { hosts: { ${hosts.join(', ')} } },`);
}

test('init finds the system, and what it could not know is refused by name until it is written', async () => {
  const proxy = await startRecordingProxy(twin.handle.endpoint);
  const made = await kunren(['init', '--endpoint', proxy.endpoint, '--out', file()]);
  await proxy.close();
  expect(made.code, made.stderr).toBe(0);
  expect(proxy.calls).toEqual(expect.arrayContaining(['DescribeDBInstances', 'ListClusters', 'DescribeRules']));
  expect(proxy.calls.filter((call) => !/^(Describe|List|GET )/.test(call))).toEqual([]);
  expect(made.stdout).toMatch(/database facility-prod-db, cluster facility-prod-cluster, services staff-api\n/);
  expect(made.stdout).toMatch(/not asked: Route 53, .*\nnot asked: CloudFormation, /);
  const text = readFileSync(file(), 'utf8');
  expect(text).not.toContain('postgres://');
  await expect(loadSystem(file())).rejects.toThrow(/title\.en: "" is empty.*timeZone: "".*services\[0\]\.command/s);

  // Under another name: a module is read once in a process.
  writeFileSync(file('completed.ts'), completed(text));
  const { system } = await loadSystem(file('completed.ts'));
  const { database, availabilityZones, regions, cluster } = facility.system;
  expect(system).toMatchObject({ availabilityZones, cluster, regions: { primary: regions.primary } });
  const { backup, ...described } = database;
  expect(system.database).toMatchObject(described);
  expect(system.database.backup?.retentionDays).toBe(backup?.retentionDays);
  const [{ name, host, desiredCount, stopTimeout, memoryMiB, logGroup, health }] = facility.system.services as [
    (typeof facility.system.services)[number],
  ];
  expect(system.services).toMatchObject([
    { name, host, desiredCount, stopTimeout, memoryMiB, logGroup, health: { path: health.path, status: 200 } },
  ]);

  const again = { region: 'ap-northeast-1', endpoint: twin.handle.endpoint, out: file() };
  await expect(init(again)).rejects.toThrow(/exists already\..*--force/);
  await expect(init({ ...again, database: 'other', force: true })).rejects.toThrow(/no "other" .*: facility-prod-db/);
  const nowhere = { ...again, endpoint: 'http://127.0.0.1:1', out: file('nothing.ts') };
  await expect(init(nowhere)).rejects.toThrow(/does not tell .*ECONNREFUSED.* Remedy: /);
  expect(existsSync(file('nothing.ts'))).toBe(false);
  expect(readFileSync(file(), 'utf8')).toBe(text);
});

test('doctor finds all that the config names, and says which drills can be run', async () => {
  const doctor = [
    'doctor',
    '--stage',
    'localstack',
    '--endpoint',
    twin.handle.endpoint,
    '--config',
    file('completed.ts'),
  ];
  const well = await kunren(doctor);
  expect(well.stdout).toMatch(/^ok {7}database facility-prod-db: available/m);
  expect(well.stdout).toMatch(/^ok {7}Multi-AZ: primary in ap-northeast-1/m);
  expect(well.stdout).toMatch(/^ok {7}service staff-api: 2 of 2 tasks run$/m);
  expect(well.stdout).toMatch(/^ok {7}log group \/ecs\/staff-api: exists$/m);
  expect(well.stdout).toMatch(/^ok {7}health of admin-api\.facility\.example\.com\/health: right in /m);
  expect(well.stdout).toMatch(/^can run {2}task-kill$/m);
  expect(well.stdout).toMatch(/^not here task-crash: .*localstack/m);
  expect(well.stdout).toMatch(/^not here accidental-delete: .*"accidental-delete", which is not among the scenarios/m);
  expect(well.code, well.stdout).toBe(0);

  const text = readFileSync(file('completed.ts'), 'utf8');
  const wrong = text
    .replace("primary: 'ap-northeast-1'", "primary: 'ap-northeast-1', recovery: 'ap-northeast-3'")
    .replace('retentionDays: 35,', 'retentionDays: 7, copyInterval: { hours: 24 },')
    .replace("name: 'staff-api'", "name: 'staff-app'")
    .replace("'/ecs/staff-api'", "'/ecs/staff'")
    .replace("path: '/health'", "path: '/nowhere'")
    .replace('localstack: {', "guardRails: { alarms: ['quiet'] },\n  localstack: {");
  writeFileSync(file('completed.ts'), wrong);
  const ill = await kunren(doctor);
  expect(ill.stdout.match(/^missing .*$/gm)?.map((line) => line.slice(9))).toEqual([
    expect.stringMatching(/^backups: they are kept 35 days, and the config says 7\. Remedy: /),
    expect.stringMatching(/^service staff-app: ECS says MISSING\. Remedy: /),
    expect.stringMatching(/^log group \/ecs\/staff: CloudWatch Logs has no such group\. Remedy: /),
    expect.stringMatching(/^health of admin-api\S+\/nowhere: it answers HTTP 404\. Remedy: /),
    expect.stringMatching(/^copies in ap-northeast-3: there is no snapshot or replicated backup/),
    expect.stringMatching(/^whole system: service staff-app is not described \(MISSING\)\. Remedy: /),
    expect.stringMatching(/^alarms: CloudWatch has no quiet\. Remedy: /),
  ]);
  expect(ill.stdout).toMatch(/^not here task-kill: missing alarms$/m);
  expect(ill.stdout).not.toMatch(/^can run/m);
  expect(ill.code).toBe(3);
});

test('of a real account it asks too who may drill, when, and what may be hit, and which drills that leaves', async () => {
  const { guardRails, fis, ...system } = facility.system;
  const stage = { ...attachStage({ kind: 'twin', handle: twin.handle }), kind: 'aws' } as const;
  const seen = async (more: Pick<typeof facility.system, 'guardRails'> & Partial<typeof facility.system>) => {
    const place = { stage, system: { ...system, ...more } };
    const examined = await Promise.all(guardNeeds(place).map(examine));
    const drills = await drillsHere(place, 'the config', examined);
    return {
      needs: examined.map(({ state, name, text }) => `${state} ${name}: ${text}`),
      drills: drills.map(({ id, state, why }) => `${id} ${state} ${why}`),
    };
  };
  const { identities: _, optInTag, windows, ...bare } = guardRails;
  const nobody = await seen({ guardRails: bare });
  expect(nobody.needs).toEqual([
    'ok whole system: it is as the config describes it',
    expect.stringMatching(/^missing who may drill: the config lists nobody\./),
    expect.stringMatching(/^missing windows: the config names no time for drills\. .*--outside-window/),
    expect.stringMatching(/^missing opt-in tag: the config names none\./),
    expect.stringMatching(/^missing role of FIS: the config names none\./),
  ]);
  expect(nobody.drills.filter((line) => !line.includes(' not here '))).toEqual([]);
  expect(nobody.drills).toContain('task-kill not here missing who may drill, windows, opt-in tag');
  expect(nobody.drills).toContain('no-fault not here missing who may drill, windows');
  expect(nobody.drills).toContainEqual(expect.stringMatching(/^az-outage not here the config names no fis\.roleArn/));
  expect(nobody.drills).toContainEqual(expect.stringMatching(/^backup-restore not here .* names no consent to that/));

  const anybody = { ...bare, identities: ['arn:*'], windows: windows! };
  const tag = { key: 'drill', value: 'nothing' };
  const untagged = await seen({ guardRails: { ...anybody, optInTag: tag }, fis: fis! });
  expect(untagged.needs.filter((line) => !line.startsWith('ok'))).toEqual([
    expect.stringMatching(
      /^missing what may be hit: drill=nothing is not on arn:aws:rds:\S+:db:facility-prod-db, arn:aws:ecs:\S+:service\/\S+, arn:aws:ecs:\S+:task\/.*, arn:aws:ec2:\S+:subnet\//,
    ),
  ]);
  expect(untagged.drills).toContain('az-outage unknown it depends on what may be hit');
  expect(untagged.drills).toContain('no-fault can run ');

  // A service that does not pass its tags on leaves its tasks bare.
  const { ecs } = clientsOf(stage, system.regions.primary);
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: system.cluster }));
  for (const resourceArn of taskArns) await ecs.send(new TagResourceCommand({ resourceArn, tags: [{ ...optInTag! }] }));
  const others = { ...anybody, identities: ['arn:aws:iam::*:role/nobody'], optInTag: optInTag! };
  const refused = await seen({ guardRails: others, fis: fis! });
  expect(refused.needs.slice(1)).toEqual([
    expect.stringMatching(/^missing who may drill: arn:\S+ is none of arn:aws:iam::\*:role\/nobody\./),
    expect.stringMatching(/^ok windows: sunday 02:00–05:00; it is .* in Asia\/Tokyo, (within|outside) them$/),
    'ok opt-in tag: kunren:drill-target=yes',
    expect.stringMatching(
      /^ok what may be hit: kunren:drill-target=yes on the .* all tasks, and what an experiment cuts off \(\S+:subnet\/\S+, \S+:subnet\/\S+\)$/,
    ),
    'ok role of FIS: arn:aws:iam::123456789012:role/kunren-fis, as the config says; what it may do shows in a drill',
  ]);
  expect(refused.drills).toContain('az-outage not here missing who may drill');
  const allowed = await seen({ guardRails: { ...anybody, optInTag: optInTag! }, fis: fis! });
  expect(allowed.drills).toContain('az-outage can run ');
  const without = await seen({ guardRails: { ...anybody, optInTag: optInTag! } });
  expect(without.drills).toContain('task-kill can run ');
  expect(without.drills).toContainEqual(expect.stringMatching(/^az-outage not here the config names no fis\.roleArn/));
});

test('what cannot be asked is unknown, and not ok', async () => {
  const asked = await kunren(['doctor', '--stage', 'localstack', '--endpoint', 'http://127.0.0.1:1']);
  expect(asked.stdout).toMatch(/^unknown {2}database facility-prod-db: /m);
  expect(asked.stdout).not.toMatch(/^(ok {7}(database|service|Multi)|can run)/m);
  expect(asked.code).not.toBe(0);
});
