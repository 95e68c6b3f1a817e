import type { FoundService } from './found.ts';
import { q } from './written.ts';

/** ECS's own default when the task definition names none (API reference, ContainerDefinition.stopTimeout). */
const STOP_TIMEOUT_S = 30;

/** The lines of one of `services`. */
export function serviceText(service: FoundService): string[] {
  const { name, desiredCount, memoryMiB, stopTimeoutS, logGroup, launchType } = service;
  return [
    '    {',
    `      name: ${q(name)},`,
    ...hostText(service),
    ...(launchType === undefined ? [] : [`      launchType: ${q(launchType)},`]),
    `      desiredCount: ${desiredCount},`,
    stopTimeoutS === undefined
      ? `      stopTimeout: { seconds: ${STOP_TIMEOUT_S} }, // The default: its task definition names none.`
      : `      stopTimeout: { seconds: ${stopTimeoutS} },`,
    memoryMiB === undefined
      ? '      memoryMiB: 0, // TODO: its task definition names none.'
      : `      memoryMiB: ${memoryMiB},`,
    ...(logGroup === undefined ? [] : [`      logGroup: ${q(logGroup)},`]),
    "      // TODO: what a task runs on the twin: your program, or a stand-in: ['node', 'server.ts']. No image is used there.",
    '      command: [],',
    ...environmentText(service),
    ...healthText(service),
    '      // TODO: `writes`: without it no loss of data is measured and every RPO stays unknown.',
    '      // TODO: what the system is for; without it only the health path is known to work.',
    '      functions: [],',
    '    },',
  ];
}

function hostText({ hosts: [host, ...others] }: FoundService): string[] {
  if (host === undefined) {
    return ['      // TODO: the name its users call. Neither its listener rules nor DNS told it.', "      host: '',"];
  }
  if (others.length === 0) return [`      host: ${q(host)},`];
  return [`      // Also answers to ${others.join(', ')}.`, `      host: ${q(host)},`];
}

/** The values stay in the account: any may be a secret. */
function environmentText({ environmentNames }: FoundService): string[] {
  if (environmentNames.length === 0) return [];
  return [
    `      // TODO: \`environment\` on the twin. Its tasks have, beside what the stage gives: ${environmentNames.join(', ')}.`,
  ];
}

function healthText({ health }: FoundService): string[] {
  const check = '      // TODO: a rule for its `body`: without one, only the status is looked at.';
  if (health === undefined) {
    return ['      // TODO: no target group names a health path.', check, "      health: { path: '' },"];
  }
  if (/^\d{3}$/.test(health.status)) {
    return [check, `      health: { path: ${q(health.path)}, status: ${health.status} },`];
  }
  return [
    check,
    `      // TODO: one status: the balancer takes ${health.status}.`,
    `      health: { path: ${q(health.path)}, status: 0 },`,
  ];
}
