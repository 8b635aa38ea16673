import type { Label } from './label.ts';

/** What a verified patch is judged to be. A person judges; rules only propose. */
export interface Judgement {
  code: string;
  label: Label;
  /** Where it leads once review has approved it: nothing more to do, or to be put right. */
  leadsTo: 'close' | 'rectify';
}

/** False change and base-map error are not judged but ended with a reason (close-false-change). */
export const JUDGEMENTS: readonly Judgement[] = [
  judgement('lawful', '合法', 'Lawful', 'close'),
  judgement('rural-road', '农村道路', 'Rural road', 'close'),
  judgement('facility', '设施农用地', 'Facility agriculture', 'close'),
  judgement('other', '其他', 'Other', 'close'),
  judgement('illegal-construction', '非农违法', 'Illegal non-agricultural use', 'rectify'),
  judgement('non-grain', '非粮化', 'Farmland out of grain', 'rectify'),
];

export function judgementOf(code: string): Judgement | undefined {
  return JUDGEMENTS.find((judgement) => judgement.code === code);
}

function judgement(code: string, zh: string, en: string, leadsTo: Judgement['leadsTo']): Judgement {
  return { code, label: { zh, en }, leadsTo };
}
