import { runsFolder } from '../drills/kit/run.ts';
import { sweepAll } from '../drills/kit/sweep.ts';

/** Removes what killed runs left behind, and says what. */
export async function sweep(): Promise<number> {
  const done = await sweepAll(runsFolder());
  for (const line of done) process.stderr.write(`swept: ${line}\n`);
  process.stderr.write(done.length === 0 ? 'nothing was left behind\n' : '');
  return 0;
}
