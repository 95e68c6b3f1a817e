import { apiMissingIn } from '../../fixtures/core/missing-api.ts';
import { KunrenError } from '../../probes/core/error.ts';

/** One thing that drills need; resolves to what was found, or throws: a KunrenError tells that it is missing. */
export interface Need {
  readonly name: string;
  find(): string | Promise<string>;
}

/** How a need came out. `unknown`: it could not be looked at, which is not the same as being there. */
export interface Examined {
  readonly state: 'ok' | 'missing' | 'unknown';
  readonly name: string;
  readonly text: string;
}

/** Looks at one need. Whatever goes wrong is told of. */
export async function examine({ name, find }: Need): Promise<Examined> {
  try {
    return { state: 'ok', name, text: await find() };
  } catch (error) {
    const { state, text } = judged(error);
    return { state, name, text };
  }
}

function judged(error: unknown): Pick<Examined, 'state' | 'text'> {
  const lacking = apiMissingIn(error);
  if (lacking !== undefined) return { state: 'unknown', text: lacking.message };
  // A look that failed shows nothing of what was looked for.
  if (error instanceof KunrenError && error.code === 'wait-limit' && error.cause !== undefined) {
    return judged(error.cause);
  }
  if (error instanceof KunrenError) return { state: 'missing', text: error.message };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const text = `${name}: ${message}`.replaceAll(/\s*\n\s*/g, ' ');
  // AWS says of each kind of thing in a code of its own that it does not exist; of all else nothing is known.
  if (/NotFound/.test(name)) return { state: 'missing', text: `${text} Remedy: correct its name in the config.` };
  return { state: 'unknown', text: `${text} Remedy: let these credentials read it, and look that the stage answers.` };
}

/** Says that something is missing. */
export const missing = (problem: string, remedy: string): KunrenError => new KunrenError('missing', problem, remedy);
