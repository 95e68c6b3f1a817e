import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const DRILL = /\.drill\.[jt]s$/;
const CONTROL = /^no-fault\.drill\./;

/**
 * Of drills the control goes first, since no other result counts when it fails; then by name, the same in
 * every run. Other tests go in vitest's own order.
 */
export class DrillSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    if (!files.every(({ moduleId }) => DRILL.test(moduleId))) return await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): string => {
      const name = basename(moduleId);
      return CONTROL.test(name) ? '' : name;
    };
    return [...files].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
}
