import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The file that takes longest; begun last, it would run alone at the end. */
const LONGEST = 'planted-bugs.faults-spec.ts';

/** Begins with the longest file, so that the workers end together. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith(LONGEST);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}
