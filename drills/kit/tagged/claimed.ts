import { RUN_TAG } from '../../../fixtures/stages/run-tags.ts';
import type { Tagged } from './tagged.ts';

/** The thing as one of a run's, when its tags say so; nothing when they do not. */
export function claimed(
  tags: { readonly [key: string]: string },
  thing: Pick<Tagged, 'name' | 'remove'>,
): [] | [Tagged] {
  const runId = tags[RUN_TAG];
  return runId === undefined ? [] : [{ ...thing, runId, expires: tags['kunren:expires'] }];
}
