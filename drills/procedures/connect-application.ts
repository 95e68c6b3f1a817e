import { RunTaskCommand } from '@aws-sdk/client-ecs';
import type { Field } from '../../fixtures/core/fault.ts';
import type { SystemService } from '../../fixtures/core/system.ts';
import { until } from '../../fixtures/core/until.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { knownService } from '../../fixtures/stages/known.ts';
import { bodyOf, requestTo } from '../../fixtures/stages/service-request.ts';
import { dataService } from '../../fixtures/stages/system-data.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { ConnectTo, HttpProbeSpec } from '../../probes/core/probe-spec.ts';
import { askOnce } from '../../probes/http-probe.ts';
import { type ReadBack, readBack } from '../../probes/read-back.ts';
import type { Step } from '../kit/spec.ts';
import type { Canaries } from './canaries.ts';
import { startedByOf, tagsOf } from './made-by.ts';
import { callsToRunTask } from './planned-calls.ts';

/** One answer of the task, and all canaries read back through it, in milliseconds. Assumed. */
const ANSWER_MS = 5_000;
const READ_BACK_MS = 15_000;

/**
 * Runbook, drill 1: the application connects. A task of the service, as it is deployed, runs against the restored
 * database beside the running service; its health and its functions answer, and it says which canaries it finds.
 */
export const connectApplication: Step = {
  id: 'application-connects',
  name: { en: 'The application works on the restored database', ja: 'アプリケーションが復元したDBで動作した' },
  calls: callsToRunTask,
  async run(field, book) {
    const service = dataService(field.system);
    const arn = await startTask(field, service, book.need('restored').url);
    const connectTo = await awaitHealth(field, service, arn);
    book.task = connectTo;
    for (const { name, request, expect } of service.functions) {
      const asked = { request: requestTo(`http://${service.host}`, request), expectStatus: expect.status };
      await mustAnswer(name.en, { ...asked, ...bodyOf(expect.body), connectTo });
    }
    const { canaries, laterCanaries } = book;
    if (canaries !== undefined) book.canariesRestored = await canariesFound(field, canaries, connectTo);
    if (laterCanaries !== undefined) book.laterCanariesRestored = await canariesFound(field, laterCanaries, connectTo);
    return `${service.health.path} and ${service.functions.length} functions of ${service.name} answer on ${book.restored?.id}`;
  },
};

async function startTask(field: Field, service: SystemService, databaseUrl: string): Promise<string> {
  const { system, stage } = field;
  const region = system.regions.primary;
  const { ecs } = clientsOf(stage, region);
  const { cluster } = system;
  const running = await knownService(field, service.name);
  const startedBy = startedByOf(field);
  const parameters = { cluster, taskDefinition: running.taskDefinition, startedBy };
  const answer = await field.change(
    { call: 'ecs:RunTask', region, parameters, undo: { call: 'ecs:StopTask', parameters: { startedBy } } },
    () =>
      ecs.send(
        new RunTaskCommand({
          ...parameters,
          launchType: running.launchType,
          networkConfiguration: running.networkConfiguration,
          // The password in the URL stays out of the journal.
          overrides: {
            containerOverrides: [{ name: service.name, environment: [{ name: 'DATABASE_URL', value: databaseUrl }] }],
          },
          tags: tagsOf(field).map(({ Key: key, Value: value }) => ({ key, value })),
        }),
      ),
  );
  const arn = answer.tasks?.[0]?.taskArn;
  if (arn !== undefined) return arn;
  const why = answer.failures?.map(({ reason }) => reason).join('; ') || 'no reason given';
  throw new KunrenError('task-not-started', `ECS started no task of ${service.name}: ${why}.`, 'look at the cluster.');
}

async function awaitHealth(field: Field, service: SystemService, arn: string): Promise<ConnectTo> {
  const { health, host, name } = service;
  const request = requestTo(`http://${host}`, { method: 'GET', path: health.path, headers: health.headers });
  const asked = { request, expectStatus: health.status ?? 200, ...bodyOf(health.body) };
  return await until(
    field.clock,
    {
      name: `task ${arn} of ${name} to be healthy`,
      limitMs: field.patience.automaticMs,
      everyMs: field.patience.pollMs,
      signal: field.signal,
      remedy: 'look at the log of the task: does it reach the restored database?',
    },
    async () => {
      const connectTo = await field.stage.abilities.taskAddress?.(arn);
      if (connectTo === undefined) return undefined;
      await mustAnswer(health.path, { ...asked, connectTo });
      return connectTo;
    },
  );
}

type Asked = Pick<HttpProbeSpec, 'request' | 'expectStatus' | 'body' | 'connectTo'>;

async function mustAnswer(what: string, asked: Asked): Promise<void> {
  const timing = { intervalMs: ANSWER_MS, deadlineMs: ANSWER_MS, slowMs: ANSWER_MS };
  const sample = await askOnce({ kind: 'http', name: 'restored', connection: 'fresh', ...asked, ...timing });
  if (sample.outcome !== 'bad') return;
  throw new KunrenError('application-broken', `${what}: ${sample.reason}.`, 'look at the log of the task.');
}

const canariesFound = (field: Field, { spec }: Canaries, connectTo: ConnectTo): Promise<ReadBack> =>
  readBack({ ...spec, connectTo }, READ_BACK_MS, field.signal);
