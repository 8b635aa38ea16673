import { sumM2 } from './area.ts';
import { nearDocuments } from './breach.ts';
import type { JudgedAtom } from './coverage-test.ts';
import { OVERLAY_LAYERS, type Overlay, PBF } from './ground.ts';
import type { Evidence } from './opinion.ts';
import { timeStanding } from './time-standing.ts';
import { evidenceLayerOf } from './vouching.ts';
import { curesOf, type Matter } from './zone-standing.ts';

/** All that an opinion rests on, with its figures: the images, what people established, documents, layers. */
export function evidenceOf(atoms: readonly JudgedAtom[], matter: Matter): Evidence[] {
  return [imageEvidence(matter), ...established(matter), ...documents(matter), ...layers(atoms, matter)];
}

function imageEvidence({ facts: { patch }, onset }: Matter): Evidence {
  const { type, typeConfidence, district, roadM, builtUpM } = patch;
  const { lastUnchanged, firstChanged } = patch.onset;
  const figures = { type, typeConfidence, district, lastUnchanged, firstChanged, builtBy: onset.to, roadM, builtUpM };
  return { what: 'image', ref: 'onset', figures };
}

function established({ facts }: Matter): Evidence[] {
  const { ruralRoad, facilityFarmland, builtBefore, occupiedUnder } = facts.established;
  return Object.entries({ ruralRoad, facilityFarmland, builtBefore, occupiedUnder }).flatMap(([ref, value]) =>
    value === undefined ? [] : [{ what: 'established' as const, ref, figures: { value } }],
  );
}

function documents(matter: Matter): Evidence[] {
  const { facts, onset, ruleSet } = matter;
  const near = new Set(nearDocuments(facts, matter).map(({ id }) => id));
  return facts.instruments.flatMap((document) => {
    const { id, layer, kind, number, date, expiry, holder, areaM2, polygonM2 } = document;
    const under = facts.atoms.filter((atom) => atom.instruments.includes(id));
    if (under.length === 0 && !near.has(id)) return [];
    const said = { layer, kind, number, date, expiry, holder, statedM2: areaM2, polygonM2 };
    const coveredM2 = sumM2(under.map((atom) => atom.areaM2));
    const what = under.length > 0 ? ('instrument' as const) : ('near-instrument' as const);
    return [{ what, ref: id, figures: { ...said, coveredM2, time: timeStanding(document, onset, ruleSet) } }];
  });
}

function layers(atoms: readonly JudgedAtom[], matter: Matter): Evidence[] {
  const { facts, vouching } = matter;
  const inside = (layer: string) => {
    const documents = new Set(facts.instruments.filter((one) => one.layer === layer).map(({ id }) => id));
    const under = atoms.filter(
      ({ atom }) => atom.layers.includes(layer) || atom.instruments.some((id) => documents.has(id)),
    );
    return sumM2(under.map(({ atom }) => atom.areaM2));
  };
  const relevant = relevantLayers(matter);
  const shown = facts.layers.filter(({ layer }) => relevant.has(layer) || inside(layer) > 0);
  return shown.map(({ layer, version, covers, completeTo }) => ({
    what: 'layer',
    ref: layer,
    figures: { version, covers, completeTo, standing: vouching(layer), insideM2: inside(layer) },
  }));
}

/** Layers that say what the ground is or may hold a document for it. */
function relevantLayers(matter: Matter): Set<string> {
  const { facts, ruleSet, zones } = matter;
  const lines = zones.flatMap((zone) => (zone in OVERLAY_LAYERS ? [OVERLAY_LAYERS[zone as Overlay]] : []));
  const kinds = zones.flatMap((zone) => curesOf(zone, matter)).filter(({ sought }) => sought !== false);
  const ofDocuments = kinds.map(({ instrument }) => evidenceLayerOf(instrument, facts, ruleSet));
  return new Set(['farmland', 'land-use', PBF, ...lines, ...ofDocuments]);
}
