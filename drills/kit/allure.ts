import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as allure from 'allure-js-commons';

/** Wraps one phase as a step of the Allure report. */
export const allureStep = async <T>(name: string, work: () => Promise<T>): Promise<T> => await allure.step(name, work);

/** Attaches a drill's evidence to its Allure result. */
export async function attachEvidence(directory: string): Promise<void> {
  const path = join(directory, 'evidence.json');
  if (existsSync(path)) await allure.attachment('evidence.json', readFileSync(path), 'application/json');
}
