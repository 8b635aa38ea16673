import type { Atom } from './facts.ts';
import type { RuleSet, Zone } from './rule-set.ts';
import type { Matter } from './zone-standing.ts';

/** What the ground is. The last, built-up land, needs no document to be built on again. */
export type Base = 'permanent-basic-farmland' | 'farmland' | 'other' | 'built-up';
export type Overlay = Exclude<Zone, Base>;

/** The zones an atom lies in, as far as the layers on file can say. */
export interface Ground {
  /** What it may be: one where it is known. */
  bases: Base[];
  /** Surely in these as well. */
  overlays: Overlay[];
  /** In these by a layer that does not vouch for the day. */
  perhaps: Overlay[];
  /** Layers for want of which the base is not known. */
  unsureFor: string[];
}

export const PBF = 'permanent-basic-farmland';
export const OVERLAY_LAYERS: Readonly<Record<Overlay, string>> = {
  'red-line': 'red-line',
  'outside-growth-boundary': 'growth-boundary',
  'river-lake': 'river-lake-lines',
};
const SURVEYS = ['farmland', 'land-use'];
const OVERLAYS = Object.keys(OVERLAY_LAYERS) as Overlay[];

/** Tells the ground of each atom of one patch. */
export function groundTeller({
  facts,
  ruleSet,
  vouching,
}: Pick<Matter, 'facts' | 'ruleSet' | 'vouching'>): (atom: Atom) => Ground {
  const names = new Set([...facts.layers.map(({ layer }) => layer), PBF, 'farmland', 'land-use', 'built-up']);
  const vouched = new Set([...names].filter((layer) => vouching(layer) === 'vouched'));
  const known = new Set(facts.layers.map(({ layer }) => layer));
  return (atom) => {
    const inside = overlaysOf(atom, known);
    return {
      ...basesOf(atom, vouched, ruleSet),
      overlays: inside.filter((overlay) => vouched.has(OVERLAY_LAYERS[overlay])),
      perhaps: inside.filter((overlay) => !vouched.has(OVERLAY_LAYERS[overlay])),
    };
  };
}

function overlaysOf({ layers }: Atom, known: ReadonlySet<string>): Overlay[] {
  return OVERLAYS.filter((overlay) => {
    const layer = OVERLAY_LAYERS[overlay];
    return overlay === 'outside-growth-boundary' ? known.has(layer) && !layers.includes(layer) : layers.includes(layer);
  });
}

function basesOf(atom: Atom, vouched: ReadonlySet<string>, { ground }: RuleSet): Pick<Ground, 'bases' | 'unsureFor'> {
  const { bases, unsureFor } = landOf(atom, vouched, ground);
  const inPbf = atom.layers.includes(PBF);
  if (vouched.has(PBF)) return inPbf ? { bases: [PBF], unsureFor: [] } : { bases, unsureFor };
  // Where the lines are not vouched for, any farmland may lie inside them, and what lies inside may be out by now.
  if (!inPbf && !bases.includes('farmland')) return { bases, unsureFor };
  return { bases: [PBF, ...bases], unsureFor: [PBF, ...unsureFor] };
}

/** By survey: land class first, then the layers of built-up land. */
function landOf(
  { landClass, layers }: Atom,
  vouched: ReadonlySet<string>,
  { farmlandClasses, builtUpClasses }: RuleSet['ground'],
): Pick<Ground, 'bases' | 'unsureFor'> {
  const named = SURVEYS.filter((layer) => layers.includes(layer));
  const surveyed = named.length > 0 || landClass === null ? named : SURVEYS;
  const isOf = (classes: readonly string[]) => classes.some((prefix) => landClass?.startsWith(prefix));
  if (surveyed.length > 0) {
    // A parcel of the farmland layer that states no class is farmland.
    const farmland = landClass === null ? layers.includes('farmland') : isOf(farmlandClasses);
    const base: Base = farmland ? 'farmland' : isOf(builtUpClasses) ? 'built-up' : 'other';
    const layer = surveyed.find((name) => vouched.has(name));
    if (layer !== undefined) return { bases: [base], unsureFor: [] };
    return { bases: ['farmland', 'other', 'built-up'], unsureFor: named.length > 0 ? named : ['farmland'] };
  }
  const farmlandKnown = vouched.has('farmland') || vouched.has('land-use');
  const builtUpKnown = vouched.has('built-up') || vouched.has('land-use');
  const builtUp = layers.includes('built-up') && vouched.has('built-up');
  if (builtUp && farmlandKnown) return { bases: ['built-up'], unsureFor: [] };
  const bases: Base[] = farmlandKnown ? ['other'] : ['farmland', 'other'];
  const unsureFor = farmlandKnown ? [] : ['farmland'];
  return builtUpKnown && !builtUp
    ? { bases, unsureFor }
    : { bases: [...bases, 'built-up'], unsureFor: builtUp ? unsureFor : [...unsureFor, 'built-up'] };
}
