import type { Kysely } from 'kysely';
import type { InstrumentFact, LayerFact, PatchFacts } from '../legality/facts.ts';
import { factsAfterDocument } from '../legality/late-document.ts';
import type { Database } from '../store/schema.ts';
import { zoneProperties } from '../store/zone-properties.ts';
import { type ValidVersion, validVersions } from '../store/zone-versions.ts';
import type { ZoneUnder } from '../store/zones-under.ts';
import { DISTRICTS_LAYER, instrumentOf, roleOf } from '../zones/layer-roles.ts';
import { type AtomZone, atomsOf } from '../zones/overlay/atoms.ts';
import { distanceM } from '../zones/overlay/distance.ts';
import { districtChain } from '../zones/overlay/district-chain.ts';
import { homeOf } from '../zones/overlay/districts.ts';
import type { ChangedPlace, Ground, LateDocument } from './changed-place.ts';
import { nearestOf } from './nearest.ts';
import { overlapsOf, type Touching } from './overlaps.ts';
import { shapeOf } from './zone-shape.ts';

/** A document whose polygon ends within this of a patch may be the one that was built beside. */
const NEAR_M = 50;

/** Share of a patch in a district from which on that district's layers must vouch for it, too. */
const REACHES = 1e-6;

/**
 * What lies under each of many patches on a day, in their order: overlaps with every layer, the district, and the facts
 * an opinion is formed on. Zones are asked of the store some thousand patches at a time.
 */
export async function* surveyGround(
  db: Kysely<Database>,
  date: string,
  places: readonly ChangedPlace[],
): AsyncGenerator<Ground> {
  const valid = await validVersions(db, date);
  const patches = places.map(({ patch }) => patch);
  const [roads, builtUp] = await Promise.all(['roads', 'built-up'].map((layer) => nearestOf(db, valid, layer, places)));
  let i = 0;
  for await (const zones of overlapsOf(db, valid, patches, NEAR_M)) {
    const nearest = { roadM: roads[i], builtUpM: builtUp[i] };
    yield await groundOf(db, places[i++], zones, valid, nearest);
  }
}

async function groundOf(
  db: Kysely<Database>,
  place: ChangedPlace,
  near: readonly Touching[],
  valid: readonly ValidVersion[],
  nearest: Pick<PatchFacts['patch'], 'roadM' | 'builtUpM'>,
): Promise<Ground> {
  const { patch, type, typeConfidence, onset, established = {}, documents = [] } = place;
  const inside = near.filter(({ insideM2 }) => insideM2 > 0);
  const districts = inside.filter(({ layer }) => layer === DISTRICTS_LAYER);
  const district = homeOf(districts.map((zone) => ({ code: zone.externalId, share: zone.insideM2 / patch.totalM2 })));
  const chain = districtChain(
    patch,
    districts.map((zone) => ({ code: zone.externalId, geometry: shapeOf(zone) })),
  ).map(({ level, code, share }) => ({ level, code, share }));
  const reached = districts.filter(({ insideM2 }) => insideM2 > REACHES * patch.totalM2);
  const facts: PatchFacts = {
    edition: 'facts-1',
    patch: { areaM2: patch.totalM2, type, typeConfidence, district: district ?? '', chain, onset, ...nearest },
    atoms: atomsOf(patch, [...inside.flatMap(atomZone), ...documents.flatMap(lateZone)]),
    instruments: withLate(await instrumentsOf(db, place, near), documents),
    layers: layerFacts(valid, reached.length > 0 ? reached.map(({ externalId }) => externalId) : ['']),
    established,
  };
  return {
    overlaps: inside
      .filter(({ layer }) => layer !== DISTRICTS_LAYER)
      .map(({ id, layer, insideM2 }) => ({ zoneId: id, layer, areaM2: insideM2 })),
    district,
    // What covers all of the patch cuts nothing.
    facts: documents.reduce(
      (all, { fact, over }) => (over === 'whole' ? factsAfterDocument(all, fact, over) : all),
      facts,
    ),
  };
}

function atomZone(zone: Touching): AtomZone[] {
  const group = roleOf(zone.layer)?.group;
  if (group === undefined || group === 'district' || group === 'project' || group === 'duty') return [];
  return [{ id: instrumentId(zone), layer: zone.layer, group, landClass: zone.landClass, geometry: shapeOf(zone) }];
}

function lateZone({ fact, over }: LateDocument): AtomZone[] {
  if (over === 'whole') return [];
  return [{ id: fact.id, layer: fact.layer, group: 'instrument', landClass: null, geometry: over }];
}

/** Those of the layers with those that came in for this patch, in order of their ids; what covers all of it comes last. */
function withLate(known: InstrumentFact[], documents: readonly LateDocument[]): InstrumentFact[] {
  const cut = documents.flatMap(({ fact, over }) => (over === 'whole' ? [] : [fact]));
  return [...known, ...cut].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Unique among all layers, and the same on every import of the same file. */
function instrumentId({ layer, externalId }: ZoneUnder): string {
  return `${layer}/${externalId}`;
}

/** Documents that touch the patch or end near it, in order of their ids. */
async function instrumentsOf(
  db: Kysely<Database>,
  { patch }: ChangedPlace,
  zones: readonly Touching[],
): Promise<InstrumentFact[]> {
  const documents = zones.filter((zone) => {
    if (roleOf(zone.layer)?.group !== 'instrument') return false;
    return zone.insideM2 > 0 || (distanceM(patch, shapeOf(zone), NEAR_M) ?? Infinity) <= NEAR_M;
  });
  const properties = await zoneProperties(
    db,
    documents.map(({ id }) => id),
  );
  return documents
    .flatMap((zone) => {
      const instrument = instrumentOf(zone.layer, properties.get(zone.id) ?? {});
      if (instrument === null) return [];
      return [{ ...instrument, id: instrumentId(zone), layer: zone.layer, polygonM2: zone.areaM2 }];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What each layer vouches for in all of the districts a patch reaches into. */
function layerFacts(valid: readonly ValidVersion[], districts: readonly string[]): LayerFact[] {
  return valid
    .map(({ version, without }) => ({
      layer: version.name,
      version: version.id,
      covers: districts.every(
        (code) => code.startsWith(version.scope) && !without.some((scope) => code.startsWith(scope)),
      ),
      completeTo: version.completeTo,
    }))
    .sort((a, b) => (a.layer === b.layer ? (a.version < b.version ? -1 : 1) : a.layer < b.layer ? -1 : 1));
}
