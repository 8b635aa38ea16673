import type { Random } from './random.ts';
import { between, pick } from './random.ts';

/** What people did to the land. */
export type EventKind = 'house' | 'shed' | 'yard' | 'bulldozed' | 'road' | 'pond' | 'sand-pit' | 'orchard';

/** What stands on the footprint during one stage. */
export type StageLook = 'bare' | 'dug' | EventKind;

export interface StagePlan {
  look: StageLook;
  /** Change type (TBLX) a reviewer would write at this stage. */
  tblx: string;
  /** Months after the onset month. */
  after: number;
}

export interface KindFacts {
  areaM2: [low: number, high: number];
  /** Long side by short side. */
  aspect: [low: number, high: number];
}

/** Sizes from a single farmhouse to a levelled field. */
export const KINDS: Record<EventKind, KindFacts> = {
  house: { areaM2: [150, 460], aspect: [1, 1.7] },
  shed: { areaM2: [700, 5200], aspect: [1.2, 2.6] },
  yard: { areaM2: [400, 3200], aspect: [1, 2.2] },
  bulldozed: { areaM2: [900, 12000], aspect: [1, 1.9] },
  road: { areaM2: [600, 2200], aspect: [22, 45] },
  pond: { areaM2: [600, 4600], aspect: [1, 1.8] },
  'sand-pit': { areaM2: [1500, 8000], aspect: [1, 1.6] },
  orchard: { areaM2: [1200, 3600], aspect: [1, 2] },
};

const BUILT: Record<'house' | 'shed' | 'yard', string> = { house: '20', shed: '20', yard: 'YH' };

/** How an event unfolds; later stages fall away when the months run out. */
export function planStages(random: Random, kind: EventKind): StagePlan[] {
  switch (kind) {
    case 'house':
    case 'shed':
    case 'yard':
      return random() < 0.3
        ? [
            { look: 'bare', tblx: 'TD', after: 0 },
            { look: kind, tblx: BUILT[kind], after: 1 },
          ]
        : [{ look: kind, tblx: BUILT[kind], after: 0 }];
    case 'bulldozed': {
      const bare: StagePlan = { look: 'bare', tblx: 'TD', after: 0 };
      if (random() < 0.45) return [bare];
      const next = pick(random, ['shed', 'yard'] as const);
      return [bare, { look: next, tblx: BUILT[next], after: random() < 0.7 ? 1 : 2 }];
    }
    case 'road':
      return [
        { look: 'bare', tblx: 'DL2', after: 0 },
        { look: 'road', tblx: 'DL1', after: 1 },
      ];
    case 'pond':
      return random() < 0.5
        ? [
            { look: 'dug', tblx: 'DT', after: 0 },
            { look: 'pond', tblx: 'KT', after: 1 },
          ]
        : [{ look: 'pond', tblx: 'KT', after: 0 }];
    case 'sand-pit':
      return [{ look: 'sand-pit', tblx: 'CK', after: 0 }];
    case 'orchard':
      return [{ look: 'orchard', tblx: '02', after: 0 }];
  }
}

/** Small things are far more common than large ones. */
export function planAreaM2(random: Random, kind: EventKind): number {
  const [low, high] = KINDS[kind].areaM2;
  return Math.exp(between(random, Math.log(low), Math.log(high)));
}

/** One event that is to be planted, before a place is found for it. */
export interface EventOrder {
  kind: EventKind;
  lawful: boolean;
  /** How an approval on file fails to cover it. */
  breach: 'before-approval' | 'beyond-approval' | null;
  /** Where it goes: on farmland, or on the hills within the ecological red line. */
  where: 'farmland' | 'red-line';
}

const VIOLATIONS: [EventKind, number][] = [
  ['house', 10],
  ['shed', 6],
  ['yard', 6],
  ['bulldozed', 8],
  ['road', 3],
  ['pond', 4],
  ['sand-pit', 1],
  ['orchard', 2],
];

const LAWFUL: [EventKind, number][] = [
  ['house', 3],
  ['shed', 3],
  ['yard', 1],
  ['pond', 1],
  ['road', 1],
];

/** Everything that is to be planted in a county of full size: 43 violations and 9 lawful works. */
export function eventOrders(): EventOrder[] {
  const orders: EventOrder[] = [];
  for (const [kind, count] of VIOLATIONS) {
    for (let i = 0; i < count; i++) orders.push({ kind, lawful: false, breach: null, where: 'farmland' });
  }
  for (const kind of ['bulldozed', 'sand-pit', 'road'] as const) {
    orders.push({ kind, lawful: false, breach: null, where: 'red-line' });
  }
  const sheds = orders.filter((order) => order.kind === 'shed');
  sheds[0].breach = 'before-approval';
  sheds[1].breach = 'beyond-approval';
  const yards = orders.filter((order) => order.kind === 'yard');
  yards[0].breach = 'before-approval';
  yards[1].breach = 'beyond-approval';
  for (const [kind, count] of LAWFUL) {
    for (let i = 0; i < count; i++) orders.push({ kind, lawful: true, breach: null, where: 'farmland' });
  }
  return orders;
}
