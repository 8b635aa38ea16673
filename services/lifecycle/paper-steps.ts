import { step, type Transition, who } from './transition-row.ts';

const terms = { due: 'keep', who: who('county', 'handler'), needs: ['evidence'] } as const;

/**
 * What comes in beside the proceedings, in any state and also after the end: the state stays. They stand apart from the
 * tables: nobody in an office can take them as a step by itself, since the paper must first be kept by its hash and, of a
 * new fact, the patch judged again (services/handover does both). What came in is not undone.
 */
export const PAPER_STEPS: readonly Transition[] = [
  step('attach-statement', ['收到陈述申辩', 'Attach the accused’s statement'], [], null, terms),
  step('attach-document', ['补充材料', 'Attach a late document'], [], null, terms),
  step('attach-finding', ['补录核查认定', 'Attach what was established on site'], [], null, terms),
];
