import type { PatchItem } from '../../server/schemas.ts';
import type { Word } from '../shell/text.ts';

/** Ways to go through the list. By number is by district and place. */
const orders = {
  number: (a: PatchItem, b: PatchItem) => (a.number < b.number ? -1 : 1),
  due: (a: PatchItem, b: PatchItem) => dueKey(a) - dueKey(b),
  area: (a: PatchItem, b: PatchItem) => b.areaM2 - a.areaM2,
  score: (a: PatchItem, b: PatchItem) => b.score - a.score,
};
export type Order = keyof typeof orders;

export const orderNames: [order: Order, name: Word][] = [
  ['number', 'sortNumber'],
  ['due', 'sortDue'],
  ['area', 'sortArea'],
  ['score', 'sortScore'],
];

export function inOrder(patches: readonly PatchItem[], order: Order): PatchItem[] {
  return patches.toSorted((a, b) => orders[order](a, b) || orders.number(a, b));
}

/** What waits for nobody comes last. */
function dueKey({ dueAt }: PatchItem): number {
  return dueAt === null ? Number.MAX_VALUE : Date.parse(dueAt);
}
