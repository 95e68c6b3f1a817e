import { paginateListTasks } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { alarmStates } from '../../drills/kit/guard/alarm-states.ts';
import { matchesIdentity } from '../../drills/kit/guard/core/identity-pattern.ts';
import { openWindow, wallText, windowText } from '../../drills/kit/guard/core/maintenance-window.ts';
import { carriersOf } from '../../drills/kit/guard/opt-in-tag.ts';
import { patienceOf } from '../../fixtures/core/patience.ts';
import { templateHits } from '../../fixtures/faults/template-hits.ts';
import { subnetsIn } from '../../fixtures/faults/zone-contents.ts';
import { ownTemplate } from '../../fixtures/fis/own-template.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeDatabase, describeService, type Place } from '../../fixtures/stages/describe.ts';
import { whatIsNotWhole } from '../../fixtures/stages/whole.ts';
import { machineClock } from '../../probes/clock.ts';
import { missing, type Need } from './need.ts';

/** How long anything is asked for, in milliseconds. Assumed. */
const ASK_MS_MAX = 30_000;

/** Names of the needs without which no drill is begun: drillsHere looks for them. */
export const GUARDS = {
  whole: 'whole system',
  alarms: 'alarms',
  identity: 'who may drill',
  windows: 'windows',
  tag: 'opt-in tag',
  tagged: 'what may be hit',
} as const;

/** What keeps drills from doing harm: a system that is whole, the alarms that the config names, and on a real account who may drill, when, and on what. */
export function guardNeeds(place: Place): Need[] {
  const { guardRails, fis } = place.system;
  const names = [...new Set([...guardRails.alarms, ...guardRails.stopIf.alarms])];
  const needs: Need[] = [
    { name: GUARDS.whole, find: () => wholeness(place) },
    ...(names.length === 0 ? [] : [{ name: GUARDS.alarms, find: () => findAlarms(place, names) }]),
  ];
  if (place.stage.kind !== 'aws') return needs;
  const tag = guardRails.optInTag;
  return [
    ...needs,
    { name: GUARDS.identity, find: () => findIdentity(place) },
    { name: GUARDS.windows, find: () => windowsOf(place.system) },
    { name: GUARDS.tag, find: () => tagOf(tag) },
    ...(tag === undefined ? [] : [{ name: GUARDS.tagged, find: () => findTagged(place, tag) }]),
    { name: 'role of FIS', find: () => roleOf(fis) },
  ];
}

/** As every drill asks before its fault, which waits for it too. */
async function wholeness(place: Place): Promise<string> {
  const gaps = await whatIsNotWhole(place);
  if (gaps.length === 0) return 'it is as the config describes it';
  throw missing(`${gaps.join('; ')}.`, 'bring the system to its described state; no drill is run on a broken one.');
}

/** Whoever asks now is compared with the list. */
async function findIdentity({ stage, system }: Place): Promise<string> {
  const { identities } = system.guardRails;
  if (identities === undefined) throw missing('the config lists nobody.', 'write guardRails.identities.');
  const { sts } = clientsOf(stage, system.regions.primary);
  const { Arn = 'unknown' } = await sts.send(new GetCallerIdentityCommand({}));
  if (matchesIdentity(Arn, identities)) return Arn;
  throw missing(`${Arn} is none of ${identities.join(', ')}.`, 'ask as one of them, or have this one listed.');
}

function windowsOf({ guardRails: { windows }, timeZone }: Place['system'], now = new Date()): string {
  if (windows === undefined) {
    const remedy = 'write guardRails.windows, or give each drill a reason: --outside-window "reason".';
    throw missing('the config names no time for drills.', remedy);
  }
  const isOpen = openWindow(windows, timeZone, now) !== undefined;
  return `${windows.map(windowText).join(', ')}; it is ${wallText(timeZone, now)}, ${isOpen ? 'within' : 'outside'} them`;
}

type Tag = NonNullable<Place['system']['guardRails']['optInTag']>;

function tagOf(tag: Tag | undefined): string {
  if (tag !== undefined) return `${tag.key}=${tag.value}`;
  throw missing('the config names none.', 'write guardRails.optInTag, and tag what may be hit.');
}

function roleOf(fis: Place['system']['fis']): string {
  if (fis !== undefined) return `${fis.roleArn}, as the config says; what it may do shows in a drill`;
  throw missing('the config names none.', 'write fis.roleArn: drills through FIS need it.');
}

async function findAlarms({ stage, system }: Place, names: readonly string[]): Promise<string> {
  const states = await alarmStates({ stage, system, signal: AbortSignal.timeout(ASK_MS_MAX) }, names);
  const absent = names.filter((name) => !states.has(name));
  if (absent.length > 0) throw missing(`CloudWatch has no ${absent.join(', ')}.`, 'correct the names in guardRails.');
  return names.map((name) => `${name} ${states.get(name)}`).join(', ');
}

/**
 * On what drills change: the database, the services, their tasks that run now (which can have its tags from it), and what
 * an experiment would cut off.
 */
async function findTagged(place: Place, tag: Tag): Promise<string> {
  const { system, stage } = place;
  const { ecs: client } = clientsOf(stage, system.regions.primary);
  const { cluster } = system;
  const lists = await Promise.all(
    system.services.map(({ name }) => allPages(paginateListTasks({ client }, { cluster, serviceName: name }))),
  );
  const { DBInstanceArn } = await describeDatabase(place);
  const services = await Promise.all(system.services.map(({ name }) => describeService(place, name)));
  const own = [DBInstanceArn, ...services.map((service) => service?.serviceArn)];
  const tasks = lists.flat().flatMap(({ taskArns = [] }) => taskArns);
  const cut = system.fis === undefined ? [] : await cutOff(place);
  const targets = [...new Set([...own, ...tasks, ...cut].flatMap((arn) => arn ?? []))];
  const carriers = await carriersOf(place, targets, tag);
  const bare = targets.filter((arn) => !carriers.has(arn));
  const remedy = 'tag them if they may be hit; a service passes its tags on with propagateTags SERVICE.';
  if (bare.length > 0) throw missing(`${tag.key}=${tag.value} is not on ${bare.join(', ')}.`, remedy);
  const beside = cut.length === 0 ? '' : `, and what an experiment cuts off (${cut.join(', ')})`;
  return `${tag.key}=${tag.value} on the database, its services and all tasks${beside}`;
}

/** ARNs of what the loss of a zone hits, whichever of them it is: the config's own template, or the subnets of them all. */
async function cutOff(place: Place): Promise<readonly string[]> {
  const own = ownTemplate(place.system);
  if (own !== undefined) return (await templateHits(place, own)).targets;
  // One look: whoever runs this can do so again.
  const patience = { ...patienceOf(place.stage.kind), noticeMs: 0 };
  const patient = { ...place, clock: machineClock, patience, signal: AbortSignal.timeout(ASK_MS_MAX) };
  return (await Promise.all(place.system.availabilityZones.map((zone) => subnetsIn(patient, zone)))).flat();
}
