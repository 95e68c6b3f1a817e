import { paginateGetResources } from '@aws-sdk/client-resource-groups-tagging-api';
import { allPages } from '../../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../../fixtures/stages/clients.ts';
import { knownService } from '../../../fixtures/stages/known.ts';
import type { GuardedFault } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/** As many ARNs as one call takes (Resource Groups Tagging API, GetResources). */
const ARNS_MAX = 100;

/** Each resource of a real account that a fault hits, or a procedure changes, was tagged for it by its owner. */
export async function optInTagRule({ field, spec, armed }: GuardedFault): Promise<RuleOutcome> {
  if (field.stage.kind !== 'aws') return notApplicable(`what stage ${field.stage.kind} holds is nobody's`);
  if (spec.exercise || spec.expectsNoOutage) return notApplicable('nothing is broken');
  const hit = armed.hits?.targets ?? [];
  if (hit.length === 0) {
    const what = `the fault "${spec.fault.name}" does not say which resources it hits`;
    throw refusal('opt-in-tag', what, 'use another drill; this one cannot be shown to hit only what may be hit.');
  }
  const tag = field.system.guardRails.optInTag;
  if (tag === undefined) {
    const what = 'guardRails.optInTag of the config names no tag';
    throw refusal('opt-in-tag', what, 'name one, and put it on what may be drilled.');
  }
  // The runbook's manual answer is given to every service, not to the hurt one alone.
  const changed = spec.procedure === undefined ? [] : await serviceArns(field);
  const targets = [...new Set([...hit, ...changed])];
  const carriers = await carriersOf(field, targets, tag);
  const bare = targets.filter((arn) => !carriers.has(arn));
  if (bare.length > 0) {
    const what = `${bare.join(', ')} does not carry the tag ${tag.key}=${tag.value}`;
    throw refusal('opt-in-tag', what, 'have its owner put it there, if it may be drilled.');
  }
  return held(`${tag.key}=${tag.value} on ${targets.join(', ')}`);
}

const serviceArns = async (field: GuardedFault['field']): Promise<string[]> =>
  await Promise.all(
    field.system.services.map(async ({ name }) => (await knownService(field, name)).serviceArn ?? name),
  );

/** Those of the resources that carry the tag. */
export async function carriersOf(
  { stage, system }: Pick<GuardedFault['field'], 'stage' | 'system'>,
  targets: readonly string[],
  { key, value }: { readonly key: string; readonly value: string },
): Promise<ReadonlySet<string>> {
  const { tagging: client } = clientsOf(stage, system.regions.primary);
  const carriers = new Set<string>();
  for (let from = 0; from < targets.length; from += ARNS_MAX) {
    const ResourceARNList = targets.slice(from, from + ARNS_MAX);
    const pages = await allPages(paginateGetResources({ client }, { ResourceARNList }));
    const found = pages.flatMap(({ ResourceTagMappingList = [] }) => ResourceTagMappingList);
    for (const { ResourceARN, Tags = [] } of found) {
      const carries = Tags.some(({ Key, Value }) => Key === key && Value === value);
      if (ResourceARN !== undefined && carries) carriers.add(ResourceARN);
    }
  }
  return carriers;
}
