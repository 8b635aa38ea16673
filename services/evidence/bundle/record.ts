import type { Evidence } from '../../month/evidence.ts';
import { type PatchDetail, patchDetail } from '../../queue/detail.ts';
import type { ChainedEventRow } from '../../store/audit.ts';
import { headBefore, listAnchors } from '../../store/audit.ts';
import { chainedEventsOf, layersOfZones, shapesOfZones } from '../../store/bundle-rows.ts';
import type { CoverageRow } from '../../store/coverage.ts';
import { lineageActs, lineageAround } from '../../store/lineage.ts';
import { coverageOfMonth } from '../../store/month-figures.ts';
import type { Store } from '../../store/open.ts';
import { type OpinionRow, opinionsOf } from '../../store/opinions.ts';
import { findPatch } from '../../store/patches.ts';
import { findScene, type SceneRow } from '../../store/scenes.ts';
import { onOneState } from '../../store/view.ts';
import { type RuleText, ruleTexts } from './rule-texts.ts';

/** All that the store knows of a patch, as of one moment. */
export interface PatchRecord {
  detail: PatchDetail;
  /** What the detection rests on; null of patches that came with a clue or a batch: no image found them. */
  evidence: Evidence | null;
  events: ChainedEventRow[];
  /** Oldest first. */
  opinions: OpinionRow[];
  /** Those that the opinions cite, as far as they are known here. */
  rules: RuleText[];
  /** By id; those that are not known any more are left out. */
  scenes: Map<string, SceneRow>;
  /** Which version of its layer each zone is of. */
  layers: Awaited<ReturnType<typeof layersOfZones>>;
  zoneShapes: Awaited<ReturnType<typeof shapesOfZones>>;
  coverage: CoverageRow | null;
  /** Patches that this one came out of by split or merge, and those that came out of it; none that was taken back. */
  lineage: { parents: Kin[]; children: Kin[] };
  anchors: { head: Awaited<ReturnType<typeof headBefore>>; kept: Awaited<ReturnType<typeof listAnchors>> };
}

export interface Kin {
  number: string;
  /** What the two have in common, m². */
  areaM2: number;
  act: { kind: string; at: string; actor: string; reason: string };
}

/** @throws ServiceError not-found, also where it lies outside `within` (a district code prefix; '' = all) */
export function readRecord(store: Store, idOrNumber: string, within: string): Promise<PatchRecord> {
  return onOneState(store.db, async (db) => {
    const detail = await patchDetail({ ...store, db }, idOrNumber, within);
    const { patch, overlaps } = detail;
    const evidence = evidenceOf(detail);
    const opinions = await opinionsOf(db, patch.id);
    const zoneIds = overlaps.map(({ zoneId }) => zoneId);
    const coverage = await coverageOfMonth(db, patch.month, patch.district);
    return {
      detail,
      evidence,
      events: await chainedEventsOf(db, 'patch', patch.id),
      opinions,
      rules: await ruleTexts({ ...store, db }, opinions),
      scenes: await scenesOf(db, evidence),
      layers: await layersOfZones(db, zoneIds),
      zoneShapes: await shapesOfZones(db, zoneIds),
      coverage: coverage.find(({ district }) => district === patch.district) ?? null,
      lineage: await kinOf(db, patch.id),
      anchors: { head: await headBefore(db, Number.MAX_SAFE_INTEGER), kept: await listAnchors(db) },
    };
  });
}

function evidenceOf({ detection }: PatchDetail): Evidence | null {
  const { evidence } = detection;
  const seen = Array.isArray(evidence['pairs']) && evidence['pairs'].length > 0 && evidence['runs'] !== undefined;
  return seen ? (evidence as unknown as Evidence) : null;
}

async function scenesOf(db: Store['db'], evidence: Evidence | null): Promise<Map<string, SceneRow>> {
  const scenes = new Map<string, SceneRow>();
  for (const { before, after } of evidence?.pairs ?? []) {
    for (const { id } of [before, after]) {
      const row = await findScene(db, id);
      if (row !== null) scenes.set(id, row);
    }
  }
  return scenes;
}

async function kinOf(db: Store['db'], patchId: string): Promise<PatchRecord['lineage']> {
  const links = await lineageAround(db, [patchId]);
  const acts = await lineageActs(
    db,
    links.map(({ actId }) => actId),
  );
  const undone = new Set(acts.map(({ undoes }) => undoes));
  const lineage: PatchRecord['lineage'] = { parents: [], children: [] };
  for (const { actId, parentId, childId, areaM2 } of links) {
    const act = acts.find(({ id }) => id === actId);
    if (act === undefined || undone.has(actId)) continue;
    const other = await findPatch(db, parentId === patchId ? childId : parentId);
    const { kind, at, actor, reason } = act;
    const kin = { number: other?.number ?? '', areaM2, act: { kind, at, actor, reason } };
    (parentId === patchId ? lineage.children : lineage.parents).push(kin);
  }
  return lineage;
}
