import { paginateListTasks } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { alarmStates } from '../../drills/kit/guard/alarm-states.ts';
import { matchesIdentity } from '../../drills/kit/guard/core/identity-pattern.ts';
import { carriersOf } from '../../drills/kit/guard/opt-in-tag.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeDatabase, describeService, type Place } from '../../fixtures/stages/describe.ts';
import { missing, type Need } from './need.ts';

/** How long the alarms are asked for, in milliseconds. Assumed. */
const ASK_MS_MAX = 30_000;

/** What keeps drills from doing harm: the alarms that the config names, and on a real account who may drill and on what. */
export function guardNeeds(place: Place): Need[] {
  const { guardRails, fis } = place.system;
  const names = [...new Set([...guardRails.alarms, ...guardRails.stopIf.alarms])];
  const needs: Need[] = names.length === 0 ? [] : [{ name: 'alarms', find: () => findAlarms(place, names) }];
  if (place.stage.kind !== 'aws') return needs;
  return [
    ...needs,
    { name: 'who may drill', find: () => findIdentity(place) },
    { name: 'opt-in tag', find: () => findTags(place) },
    { name: 'role of FIS', find: () => roleOf(fis) },
  ];
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

/** On what drills change: the database, the services, and their tasks that run now (which can have its tags from it). */
async function findTags(place: Place): Promise<string> {
  const { system, stage } = place;
  const tag = system.guardRails.optInTag;
  if (tag === undefined) throw missing('the config names none.', 'write guardRails.optInTag, and tag what may be hit.');
  const { ecs: client } = clientsOf(stage, system.regions.primary);
  const { cluster } = system;
  const lists = await Promise.all(
    system.services.map(({ name }) => allPages(paginateListTasks({ client }, { cluster, serviceName: name }))),
  );
  const { DBInstanceArn } = await describeDatabase(place);
  const services = await Promise.all(system.services.map(({ name }) => describeService(place, name)));
  const own = [DBInstanceArn, ...services.map((service) => service?.serviceArn)];
  const targets = [...own, ...lists.flat().flatMap(({ taskArns = [] }) => taskArns)].flatMap((arn) => arn ?? []);
  const carriers = await carriersOf(place, targets, tag);
  const bare = targets.filter((arn) => !carriers.has(arn));
  const remedy = 'tag them if they may be hit; a service passes its tags on with propagateTags SERVICE.';
  if (bare.length > 0) throw missing(`${tag.key}=${tag.value} is not on ${bare.join(', ')}.`, remedy);
  return `${tag.key}=${tag.value} on the database, its services and all tasks`;
}
