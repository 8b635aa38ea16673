import { REASONS } from '../../lifecycle/reasons.ts';
import { findTransition } from '../../lifecycle/transitions.ts';
import { CHANGE_TYPES } from '../../queue/change-types.ts';
import { MU_PER_M2 } from '../../queue/detail.ts';
import type { PatchOverlapRow, ReasonRow, SeenRow } from '../../store/patch-exports.ts';
import type { QueueRow } from '../../store/queue.ts';
import type { FieldValue } from '../layer-files/layer-file.ts';
import { dlmcOf } from './land-class-name.ts';

/** Layers that say what class a piece of land is of. */
export const LAND_LAYERS = ['farmland', 'land-use'];
export const PERMANENT_FARMLAND = 'permanent-basic-farmland';
export const RED_LINE = 'red-line';

/** All that is known of a patch when it is exported. */
export interface KnownPatch {
  row: QueueRow;
  districtName: string;
  land: { code: string | null; name: string | null };
  /** Null: no such layer was ever imported, so nobody knows. */
  inPermanentFarmland: boolean | null;
  inRedLine: boolean | null;
  /** The step for which a reason was given last. */
  reason: ReasonRow | null;
  layers: readonly string[];
}

/** The land under most of a patch. @param overlaps its own, largest first */
export function landUnder(overlaps: readonly PatchOverlapRow[]): KnownPatch['land'] {
  const parcel = overlaps.find(({ layer }) => LAND_LAYERS.includes(layer));
  if (!parcel) return { code: null, name: null };
  return { code: parcel.landClass, name: dlmcOf(parcel.landClass, JSON.parse(parcel.propertiesJson)) };
}

/** A patch under the names of EXCHANGE_COLUMNS and OWN_COLUMNS. */
export function patchRecord(known: KnownPatch, seen: SeenRow): Record<string, FieldValue> {
  return { ...exchangeRecord(known, seen), ...ownRecord(known, seen) };
}

function exchangeRecord(known: KnownPatch, seen: SeenRow): Record<string, FieldValue> {
  const { row, land } = known;
  const type = CHANGE_TYPES.find(({ code }) => code === row.type);
  return {
    XZQDM: row.district,
    XMC: known.districtName,
    JCBH: row.number,
    TBLX: type?.tblx ?? row.type,
    TZ: `${type?.label.zh ?? row.type}，把握 ${seen.typeConfidence.toFixed(2)}，可见 ${percent(seen.observedFraction)}`,
    QSX: row.beforeDate,
    HSX: row.afterDate,
    DLBM: land.code,
    DLMC: land.name,
    SFYN: yesOrNo(known.inPermanentFarmland),
    SFHX: yesOrNo(known.inRedLine),
    MJ: hundredths(row.areaM2),
    BZ: remarkOf(known.reason),
    MJM: hundredths(row.areaM2 * MU_PER_M2),
  };
}

function ownRecord({ row, layers }: KnownPatch, seen: SeenRow): Record<string, FieldValue> {
  return {
    id: row.id,
    month: row.month,
    state: row.state,
    due: row.dueAt,
    score: row.score,
    confidence: seen.typeConfidence,
    observed: seen.observedFraction,
    layers: layers.join(','),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The reason in words, and what was noted with it. */
function remarkOf(step: ReasonRow | null): string | null {
  if (step === null) return null;
  const list = findTransition('patch', step.fromState, step.action)?.reasons;
  const reason = list && REASONS[list].find(({ code }) => code === step.reason);
  const { note } = JSON.parse(step.payloadJson) as { note?: unknown };
  const words = [reason?.label.zh ?? step.reason, typeof note === 'string' ? note : null];
  return words.filter((word) => word).join('：');
}

function yesOrNo(value: boolean | null): string | null {
  if (value === null) return null;
  return value ? '是' : '否';
}

/** As screens and lists round it. */
function hundredths(value: number): number {
  return Number(value.toFixed(2));
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
