import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as allure from 'allure-js-commons';
import type { Stage } from '../../fixtures/core/stage.ts';
import { CONTEXT_VARIABLE } from './run-context.ts';

/** Only `kunren rehearse` reports to Allure; without its reporter every call would complain. */
const isReporting = (): boolean => process.env[CONTEXT_VARIABLE] !== undefined;

/** Wraps one phase as a step of the Allure report. */
export const allureStep = async <T>(name: string, work: () => Promise<T>): Promise<T> =>
  isReporting() ? await allure.step(name, work) : await work();

/** Attaches a drill's evidence to its Allure result, with where its figures may be used. */
export async function attachEvidence(directory: string, stage: Stage): Promise<void> {
  if (!isReporting()) return;
  await allure.label('stage', stage.kind);
  await allure.tag(stage.provenance);
  await allure.description(
    `Stage ${stage.kind}: a ${stage.provenance === 'evidence' ? 'drill on the real system' : 'rehearsal, not evidence for production'}.`,
  );
  const path = join(directory, 'evidence.json');
  if (existsSync(path)) await allure.attachment('evidence.json', readFileSync(path), 'application/json');
}
