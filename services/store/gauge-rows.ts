import type { Kysely } from 'kysely';
import { type Register, registerOf } from '../actors/register.ts';
import type { GaugeRow } from '../gauges/gauge-row.ts';
import { stateNames, stateOf } from '../lifecycle/transitions.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { instrumentOf, LAYER_ROLES } from '../zones/layer-roles.ts';
import { actorEntries } from './actors.ts';
import type { Database } from './schema.ts';

export interface GaugeRowFilter {
  /** First and last month of the patches, YYYY-MM. */
  from: string;
  to: string;
  /** District code prefix, '' = all. */
  district: string;
  /** Types that count as new construction while no person has judged the patch. */
  constructionTypes: readonly string[];
  /** Of these patches alone. */
  ids?: readonly string[];
}

const surveys = ['farmland', 'land-use'];
const basicFarmland = 'permanent-basic-farmland';
const instrumentLayers = LAYER_ROLES.filter(({ group }) => group === 'instrument').map(({ name }) => name);

/** What the log says of a patch beside its state. Of each the latest entry holds. */
interface Logged {
  judgement?: string;
  /** payload.restoredM2: farmland put back, m². */
  restoredM2?: number;
  /** payload.occupier: who took the land, as recorded by a person. */
  occupier?: string;
  /** payload.occupierId: the same as an actor of the register. */
  occupierId?: string;
}

/** The patches as the gauges add them up, in order of number: only what is stored counts, so they can be drawn up again. */
export async function gaugeRows(db: Kysely<Database>, filter: GaugeRowFilter): Promise<GaugeRow[]> {
  const patches = await patchesOf(db, filter).selectAll().orderBy('number').execute();
  const land = await landOf(db, filter);
  const logged = await loggedOf(db, filter);
  const holders = await holdersOf(db, filter);
  const opinions = await opinionsOf(db, filter);
  const register = registerOf(await actorEntries(db));
  return patches.map((patch) => {
    const { id, number, month, district, areaM2, state, type } = patch;
    const log = logged.get(id) ?? {};
    const farmlandM2 = Math.min(areaM2, land.farmland.get(id) ?? 0);
    const opinion = log.judgement ?? opinions.get(id) ?? null;
    const stated = Math.min(farmlandM2, log.restoredM2 ?? 0);
    return {
      patchId: id,
      number,
      month,
      district,
      areaM2,
      farmlandM2,
      basicFarmlandM2: Math.min(areaM2, land.basic.get(id) ?? 0),
      opinion,
      opinionBy: opinion === null ? null : log.judgement === undefined ? 'rules' : 'person',
      state,
      outcome: stateOf('patch', state).outcome,
      // Confirmed by later images as restored: all of it, unless somebody measured how much.
      restoredM2: state === 'restored' && log.restoredM2 === undefined ? farmlandM2 : stated,
      ...whoTook(register, log, holders.get(id) ?? null),
      byNewConstruction: isConstruction(log.judgement, type, filter),
    };
  });
}

/** First and last month that have a finished run, or null: what lies outside is not known, which is not nothing. */
export async function monthsReported(db: Kysely<Database>): Promise<{ from: string; to: string } | null> {
  const { from, to } = await db
    .selectFrom('runs')
    .where('state', '=', 'done')
    .select((eb) => [eb.fn.min('month').as('from'), eb.fn.max('month').as('to')])
    .executeTakeFirstOrThrow();
  return from === null ? null : { from, to };
}

function patchesOf(db: Kysely<Database>, { from, to, district, ids }: GaugeRowFilter) {
  const replaced = stateNames('patch', { outcome: 'replaced' });
  const months = db.selectFrom('patches').where('month', '>=', from).where('month', '<=', to);
  const standing = months.where('state', 'not in', replaced);
  const query = ids === undefined ? standing : standing.where('id', 'in', ids);
  return district === '' ? query : query.where('district', '>=', district).where('district', '<', `${district}\uffff`);
}

/** Farmland by class and permanent basic farmland within each patch, m². */
async function landOf(db: Kysely<Database>, filter: GaugeRowFilter) {
  const rows = await db
    .selectFrom('overlaps')
    .innerJoin('zones', 'zones.id', 'overlaps.zoneId')
    .where('overlaps.layer', 'in', [...surveys, basicFarmland])
    .where('overlaps.patchId', 'in', patchesOf(db, filter).select('id'))
    .groupBy(['overlaps.patchId', 'overlaps.layer', 'zones.landClass'])
    .select(['overlaps.patchId', 'overlaps.layer', 'zones.landClass'])
    .select((eb) => eb.fn.sum<number>('overlaps.areaM2').as('areaM2'))
    .orderBy('overlaps.patchId')
    .orderBy('overlaps.layer')
    .orderBy('zones.landClass')
    .execute();
  const sums = new Map<string, Map<string, number>>([...surveys, basicFarmland].map((layer) => [layer, new Map()]));
  for (const { patchId, layer, landClass, areaM2 } of rows) {
    // DOMAIN §5: farmland is 01…; a parcel of the farmland layer that states no class is farmland too.
    const counts = layer === basicFarmland || (landClass === null ? layer === 'farmland' : landClass.startsWith('01'));
    const sum = sums.get(layer)!;
    if (counts) sum.set(patchId, (sum.get(patchId) ?? 0) + areaM2);
  }
  const [farmland, landUse, basic] = [...sums.values()];
  const surveyed = await db
    .selectFrom('layers')
    .select('name')
    .where('name', 'in', surveys)
    .where('state', '=', 'ready')
    .limit(1)
    .executeTakeFirst();
  if (surveyed === undefined) return { farmland: basic, basic };
  // Both surveys describe the same ground: the one that says more holds.
  for (const [id, areaM2] of landUse) farmland.set(id, Math.max(areaM2, farmland.get(id) ?? 0));
  return { farmland, basic };
}

async function loggedOf(db: Kysely<Database>, filter: GaugeRowFilter): Promise<Map<string, Logged>> {
  const events = await db
    .selectFrom('events')
    .select(['id', 'subjectId', 'action', 'toState', 'payloadJson'])
    .where('subject', '=', 'patch')
    .where('subjectId', 'in', patchesOf(db, filter).select('id'))
    .where((eb) =>
      eb.or([
        eb('toState', '=', 'reopened'),
        eb('action', '=', 'undo'),
        ...['judgement', 'restoredM2', 'occupier'].map((name) => eb('payloadJson', 'like', `%"${name}":%`)),
      ]),
    )
    .orderBy('seq')
    .execute();
  const logged = new Map<string, Logged>();
  for (const { subjectId, toState, payloadJson } of withoutUndone(events)) {
    const { judgement, restoredM2, occupier, occupierId } = JSON.parse(payloadJson) as Record<string, unknown>;
    const now: Logged = { ...logged.get(subjectId) };
    if (toState === 'reopened') now.restoredM2 = 0;
    if (typeof judgement === 'string') now.judgement = judgement;
    if (typeof restoredM2 === 'number' && restoredM2 >= 0) now.restoredM2 = restoredM2;
    if (typeof occupier === 'string' && occupier.trim() !== '') {
      now.occupier = occupier.trim();
      // A name alone takes the place of an actor named before.
      delete now.occupierId;
      if (typeof occupierId === 'string') now.occupierId = occupierId;
    }
    logged.set(subjectId, now);
  }
  return logged;
}

/** All names, and all actors that were merged, of one identity are that one. */
function whoTook(
  register: Register,
  { occupier, occupierId }: Logged,
  holder: string | null,
): Pick<GaugeRow, 'actor' | 'actorId' | 'recordedAs'> {
  const recordedAs = occupier ?? holder;
  const named = recordedAs === null ? null : register.named(recordedAs);
  const identity = (occupierId === undefined ? null : register.ofActor(occupierId)) ?? named;
  return { actor: identity?.name ?? recordedAs, actorId: identity?.id ?? null, recordedAs };
}

/** Who holds the document that covers most of a patch. */
async function holdersOf(db: Kysely<Database>, filter: GaugeRowFilter): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('overlaps')
    .innerJoin('zones', 'zones.id', 'overlaps.zoneId')
    .where('overlaps.layer', 'in', instrumentLayers)
    .where('overlaps.patchId', 'in', patchesOf(db, filter).select('id'))
    .select(['overlaps.patchId', 'overlaps.layer', 'zones.propertiesJson'])
    .orderBy('overlaps.areaM2', 'desc')
    .orderBy('overlaps.zoneId')
    .execute();
  const holders = new Map<string, string>();
  for (const { patchId, layer, propertiesJson } of rows) {
    const holder = instrumentOf(layer, JSON.parse(propertiesJson))?.holder;
    if (holder && !holders.has(patchId)) holders.set(patchId, holder);
  }
  return holders;
}

/** The newest opinion of the rules on each patch, as opinion or opinion:kind. */
async function opinionsOf(db: Kysely<Database>, filter: GaugeRowFilter): Promise<Map<string, string>> {
  const newest = db
    .selectFrom('opinions')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('patchId', 'in', patchesOf(db, filter).select('id'))
    .groupBy('patchId');
  const query = db.selectFrom('opinions').select(['patchId', 'opinion', 'kind']).where('seq', 'in', newest);
  return new Map(
    (await query.execute()).map(({ patchId, opinion, kind }) => [
      patchId,
      kind === null ? opinion : `${opinion}:${kind}`,
    ]),
  );
}

function isConstruction(judgement: string | undefined, type: string, { constructionTypes }: GaugeRowFilter): boolean {
  if (judgement === 'illegal-construction') return true;
  return judgement !== 'non-grain' && constructionTypes.includes(type);
}
