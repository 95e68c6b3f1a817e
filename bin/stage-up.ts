import { kunren } from './run-kunren.ts';

/** A twin of `kunren stage up`, which to a rehearsal on stage localstack is an endpoint like any other. */
export interface StageUp {
  readonly endpoint: string;
  readonly databaseUrl: string;
}

/** Starts one below the environment's KUNREN_HOME; `kunren stage down` ends it. */
export async function stageUp(env: { readonly [name: string]: string }): Promise<StageUp> {
  const up = await kunren(['stage', 'up'], env);
  if (up.code !== 0) throw new Error(up.stderr);
  return JSON.parse((await kunren(['stage', 'status', '--json'], env)).stdout) as StageUp;
}
