import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ListTasksCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ThrowawayPostgres, throwawayPostgres } from '../../fixtures/app/throwaway-postgres.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeService } from '../../fixtures/stages/describe.ts';
import { attachLocalstack } from '../../fixtures/stages/localstack.ts';
import { provision } from '../../fixtures/stages/provision.ts';
import { loadSystem } from '../../fixtures/system-file.ts';
import { machineClock } from '../../probes/clock.ts';
import { freePort } from './emulator.ts';

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What the users of the sample system reach: the emulators run no program and no database of it. */
export interface UsersSide {
  readonly configPath: string;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** Starts the sample service over a database of its own, and writes a config that leads to both. */
export async function startUsersSide(endpoint: string): Promise<UsersSide> {
  const folder = mkdtempSync(join(tmpdir(), 'kunren-emulated-'));
  const sql = ['schema.sql', 'rows.sql'].map((name) => inProject(`fixtures/app/data/${name}`));
  const postgres = await throwawayPostgres(await freePort(), sql);
  const port = await freePort();
  const { system } = await loadSystem(inProject('kunren.config.ts'));
  const service = await startService(system.services[0]!.command, port, postgres);
  const configPath = join(folder, 'kunren.config.ts');
  const hosts = Object.fromEntries(system.services.map(({ host }) => [host, `http://127.0.0.1:${port}`]));
  writeFileSync(
    configPath,
    `import base from ${JSON.stringify(pathToFileURL(inProject('kunren.config.ts')).href)};
export default { ...base, twin: { sql: [] }, localstack: ${JSON.stringify({ endpoint, hosts })} };
`,
  );
  return {
    configPath,
    databaseUrl: postgres.url,
    stop: async () => {
      service.kill('SIGKILL');
      await postgres.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startService(
  [, ...args]: readonly string[],
  port: number,
  { url }: ThrowawayPostgres,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, PORT: String(port), DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  child.stdout!.resume();
  return child;
}

/** Builds the system's AWS side, and has the emulator hold what it does not do by itself: tasks and targets. */
export async function provisionOn(endpoint: string, configPath: string): Promise<void> {
  const { system: described, directory: configDirectory } = await loadSystem(configPath);
  // There is no database to load rows into.
  const system = { ...described, twin: { ...described.twin, sql: [] } };
  const stage = attachLocalstack({ kind: 'localstack', endpoint, hosts: {} });
  await provision({ stage, system, configDirectory, clock: machineClock, masterPassword: 'of-an-emulator' });
  const { ecs, elb } = clientsOf(stage, system.regions.primary);
  const { cluster } = system;
  for (const { name, desiredCount } of system.services) {
    const described = await describeService({ stage, system }, name);
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName: name }));
    if (taskArns.length === 0) {
      await ecs.send(
        new RunTaskCommand({
          ...{ cluster, taskDefinition: name, count: desiredCount, launchType: 'FARGATE', group: `service:${name}` },
          ...(described?.deployments?.[0]?.id !== undefined && { startedBy: described.deployments[0].id }),
          networkConfiguration: described?.networkConfiguration,
        }),
      );
    }
    const TargetGroupArn = described?.loadBalancers?.[0]?.targetGroupArn;
    const Targets = Array.from({ length: desiredCount }, (_, n) => ({ Id: `10.0.0.${n + 1}`, Port: 8_080 }));
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  }
}
