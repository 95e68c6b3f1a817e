import { openIntents, readJournal } from './journal.ts';
import type { Running } from './running.ts';
import { taggedThings } from './tagged/tagged-things.ts';

/**
 * Looks for what the drill has left behind: what its journal still holds open, and whatever carries its run's tag in
 * either region, whether or not the journal knows of it. Anything found makes the run red, and so does a kind of thing
 * that could not be looked for; where a stage offers no such thing, that is told.
 */
export async function takeInventory({ context, field, record }: Running): Promise<void> {
  const open = openIntents(readJournal(context.journal.path)).filter((one) => one.drillId === context.drillId);
  const left = open.map(({ intent }) => `${intent.call} ${JSON.stringify(intent.parameters)}`);
  const { things, unseen, notOffered } = await taggedThings(field);
  left.push(...things.filter(({ runId }) => runId === field.runId).map(({ name }) => name));
  for (const what of notOffered) field.note('kunren', `not in the inventory, as the stage has none: ${what}`);
  if (unseen.length > 0) record.fail(`the inventory could not be taken: ${unseen.join('; ')}`);
  if (left.length > 0) record.fail(`left behind: ${left.join('; ')}. Run kunren sweep.`);
}
