import type { Method } from '../../detectors/model.ts';
import type { PairModel } from '../detection/scene-pair.ts';

/** What the pixels of a pair are judged by: a change score, or the states that crops are in this month. */
export type JudgedBy = Method | 'crop-state';

/** How many pairs of a run were judged by what, and why. */
export interface MethodTaken {
  method: JudgedBy;
  /** One sentence; where pairs have several reasons, the one that most have. */
  why: string;
  pairs: number;
}

const byCrops = 'Enough farmland parcels in view, on pixels fine enough: what ended in no state that crops are in.';

/** What a pair is judged by; null where its scenes could not be compared. Where no score was wanted, crops decide. */
export function methodOf({ ties, change }: Pick<PairModel, 'ties' | 'change'>): JudgedBy | null {
  if (ties === null) return null;
  return change?.method ?? 'crop-state';
}

/** What the pairs of a run were judged by, most pairs first. The same whatever the order of the models. */
export function methodsTaken(models: Iterable<PairModel>): MethodTaken[] {
  const reasons = new Map<JudgedBy, string[]>();
  for (const model of models) {
    const method = methodOf(model);
    if (method === null) continue;
    const why = method === 'crop-state' ? byCrops : (model.why ?? '');
    reasons.set(method, [...(reasons.get(method) ?? []), why]);
  }
  return [...reasons]
    .map(([method, whys]) => ({ method, why: commonest(whys), pairs: whys.length }))
    .sort((a, b) => b.pairs - a.pairs || (a.method < b.method ? -1 : 1));
}

function commonest(texts: readonly string[]): string {
  const counted = [...Map.groupBy(texts, (text) => text)].map(([text, same]) => ({ text, count: same.length }));
  return counted.sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))[0].text;
}
