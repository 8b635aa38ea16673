import type { Label } from '../lifecycle/label.ts';

/**
 * How serious a patch is under a theme, mildest first. 'watch' is for what is not believed yet: it is listed, and the
 * next image decides.
 */
export const grades = {
  watch: { zh: '待复核', en: 'to be confirmed' },
  minor: { zh: '轻微', en: 'minor' },
  ordinary: { zh: '一般', en: 'ordinary' },
  serious: { zh: '较重', en: 'serious' },
  grave: { zh: '严重', en: 'grave' },
} as const satisfies Record<string, Label>;
export type Grade = keyof typeof grades;

export const gradeNames = Object.keys(grades) as [Grade, ...Grade[]];

/** The gravest of them. */
export function gravest(first: Grade, ...others: Grade[]): Grade {
  const rank = (grade: Grade) => gradeNames.indexOf(grade);
  return others.reduce((worst, each) => (rank(each) > rank(worst) ? each : worst), first);
}
