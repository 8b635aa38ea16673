import type { Atom, PatchFacts } from '../legality/facts.ts';
import { roleOf } from '../zones/layer-roles.ts';
import type { ThemeDefinition } from './definition.ts';

/** How much of a patch lies where, from its atoms; m² on the ellipsoid throughout. */

/** Overlap by layer. It is asked only for layers that atoms do not tell apart: those of projects, and custom ones. */
export type LayerAreas = Readonly<Record<string, number>>;

/** The patch's area within a theme's zones, m², at most its own. */
export function areaInZones(facts: PatchFacts, { zones }: ThemeDefinition, overlaps: LayerAreas): number {
  const { areaM2, builtUpM } = facts.patch;
  const near = zones.nearBuiltUpM !== undefined && builtUpM !== null && builtUpM <= zones.nearBuiltUpM;
  const inside = insideLayers(facts);
  const within = facts.atoms
    .filter((atom) => near || zones.in.length === 0 || zones.in.some((layer) => inside(atom, layer)))
    .filter((atom) => !zones.outside.some((layer) => inside(atom, layer)))
    .reduce((sum, atom) => sum + atom.areaM2, 0);
  return Math.min(areaM2, Math.max(within, ...zones.in.map((layer) => beyondAtoms(layer, overlaps))));
}

/** The patch's area within one layer, m². */
export function areaInLayer(facts: PatchFacts, layer: string, overlaps: LayerAreas): number {
  const inside = insideLayers(facts);
  const within = facts.atoms.filter((atom) => inside(atom, layer)).reduce((sum, atom) => sum + atom.areaM2, 0);
  return Math.min(facts.patch.areaM2, Math.max(within, beyondAtoms(layer, overlaps)));
}

/**
 * Farmland by class: DLBM begins with 01, whichever land layer says so; a parcel of the farmland layer that states no
 * class is farmland too (DOMAIN §5).
 */
export function isFarmland({ landClass, layers }: Pick<Atom, 'landClass' | 'layers'>): boolean {
  return landClass === null ? layers.includes('farmland') : landClass.startsWith('01');
}

/** What atoms know they know better: which of the farmland layer's parcels are farmland, and what lies outside others. */
function beyondAtoms(layer: string, overlaps: LayerAreas): number {
  const group = roleOf(layer)?.group;
  return group === undefined || group === 'project' ? (overlaps[layer] ?? 0) : 0;
}

function insideLayers({ instruments }: PatchFacts): (atom: Atom, layer: string) => boolean {
  const layerOf = new Map(instruments.map(({ id, layer }) => [id, layer]));
  return (atom, layer) => {
    if (layer === 'farmland') return isFarmland(atom);
    return atom.layers.includes(layer) || atom.instruments.some((id) => layerOf.get(id) === layer);
  };
}
