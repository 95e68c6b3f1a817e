import { KunrenError } from './error.ts';
import type { ProbeSpec } from './probe-spec.ts';

/** Throws `bad-probe` for probes that could not be run, or whose evidence could not be told apart. */
export function requireSoundSpecs(probes: readonly ProbeSpec[]): void {
  if (probes.length === 0) throw badProbe('No probe was given', 'Give at least one probe: a drill measures something');
  const names = new Set<string>();
  for (const spec of probes) {
    const { name, intervalMs, deadlineMs, slowMs } = spec;
    if (!/^[a-z0-9-]+$/.test(name)) throw badProbe(`The name "${name}" cannot name a file`, 'Use a-z, 0-9 and "-"');
    if (names.has(name)) throw badProbe(`Two probes have the name "${name}"`, 'Give each a name of its own');
    names.add(name);
    for (const [field, value] of Object.entries({ intervalMs, deadlineMs, slowMs })) {
      if (!(value > 0)) throw badProbe(`${field} of probe ${name} is ${value}`, 'Give a length of more than 0 ms');
    }
    if (spec.kind === 'write' && !/^[A-Za-z0-9._-]+$/.test(spec.marker)) {
      throw badProbe(
        `The marker "${spec.marker}" of probe ${name} does not survive in a URL`,
        'Use letters, digits and "-"',
      );
    }
  }
}

const badProbe = (problem: string, remedy: string): KunrenError =>
  new KunrenError('bad-probe', `${problem}.`, `${remedy}.`);
