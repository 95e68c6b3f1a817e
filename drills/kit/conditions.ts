import { whatIsNotWhole } from '../../fixtures/stages/whole.ts';
import type { Condition } from './spec.ts';

/** The database has its standby, and each service runs what it should, with all its targets healthy and no old one left. */
export const systemIsWhole = (): Condition => ({
  missing: (field) => whatIsNotWhole(field),
});
