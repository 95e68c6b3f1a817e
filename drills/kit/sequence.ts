import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const CONTROL = 'no-fault.drill.ts';

/**
 * Of drills the control goes first, since no other result counts when it fails; then by name, the same in
 * every run. Other tests go in vitest's own order.
 */
export class DrillSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    if (!files.every(({ moduleId }) => moduleId.endsWith('.drill.ts'))) return await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): string => {
      const name = basename(moduleId);
      return name === CONTROL ? '' : name;
    };
    return [...files].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
}
