import type { MultiPolygon, Polygon } from 'geojson';
import type { Insertable } from 'kysely';
import type { ChangeType } from '../../detectors/change-type.ts';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { ChangedPlace, Ground } from '../ground/changed-place.ts';
import { localDay } from '../local-time.ts';
import { contentId } from '../month/evidence.ts';
import { type Issue, patchIdOf } from '../month/issue.ts';
import type { BatchFile, BatchRow } from '../store/batch-files.ts';
import type { DetectionTable } from '../store/schema.ts';
import { toGeoJson } from '../zones/geometry/wkb.ts';
import type { PreparedPatch } from '../zones/overlay/prepared-patch.ts';

/** A row that becomes a patch. */
export interface NewRow {
  row: BatchRow;
  shape: PreparedPatch;
  placeId: string;
}

export interface ReadyRow {
  detection: Insertable<DetectionTable>;
  issue: Issue;
}

/** Stands for the last look unchanged where the sender names none: it may have changed at any time. */
const EVER = '1900-01-01';
const NOWHERE = '000000';

/** The place of a row that is nowhere known: the same row of the same batch is the same place. */
export function placeOfRow({ id }: BatchFile, { row }: Pick<BatchRow, 'row'>): string {
  return contentId('place', 'batch', id, row);
}

/** The row as what was changed there, to be asked what lies under it. */
export function changedPlace(batch: BatchFile, { row, shape }: NewRow): ChangedPlace {
  return {
    patch: shape,
    type: row.type as ChangeType,
    typeConfidence: row.typeCode === null ? 0 : 1,
    // When the sender says it was built is his word, not what somebody has established on site.
    onset: onsetOf(batch, row),
  };
}

/** Detection and patch of a row: its outline and its codes are the sender's, its area is ours. */
export function readyRow(batch: BatchFile, each: NewRow, ground: Ground): ReadyRow {
  const { row, shape, placeId } = each;
  const { month } = batch;
  const onset = onsetOf(batch, row);
  // Whom the sender holds responsible is responsible, even where a border runs otherwise on our map.
  const district = row.district?.slice(0, 6) ?? ground.district ?? NOWHERE;
  const detectionId = contentId('detection', 'batch', batch.id, row.row);
  const areaM2 = shape.totalM2;
  const geometry = toGeoJson(shape.outline()) as Polygon | MultiPolygon;
  const found = { id: detectionId, runId: batch.id, placeId, month, district, areaM2, score: 0, type: row.type };
  return {
    detection: {
      ...found,
      typeConfidence: row.typeCode === null ? 0 : 1,
      screening: 'batch',
      ...{ beforeDate: onset.lastUnchanged, afterDate: onset.firstChanged, observedFraction: 1 },
      evidenceJson: JSON.stringify(evidenceOf(batch, row)),
      geometryJson: JSON.stringify(geometry),
      ...boxOf(shape),
    },
    issue: {
      ...{ patchId: patchIdOf(month, placeId), placeId, detectionId, district, areaM2, score: 0, box: boxOf(shape) },
      ...{ type: row.type, facts: ground.facts, overlaps: ground.overlaps },
    },
  };
}

/** What it rests on is the row itself; the parts that images would fill are there and empty. */
function evidenceOf({ id, name, sha256, profile, campaign }: BatchFile, row: BatchRow) {
  const { number, statedM2, areaM2, opinion, typeCode, beforeDate, afterDate } = row;
  const stated = {
    number,
    typeCode,
    beforeDate,
    afterDate,
    statedM2,
    opinion,
    properties: JSON.parse(row.propertiesJson),
  };
  const differenceM2 = statedM2 === null || areaM2 === null ? null : areaM2 - statedM2;
  return {
    batch: { id, name, sha256, profile, campaign, row: row.row, stated, differenceM2 },
    ...{ tblx: typeCode, method: null, pairs: [], runs: { row: [], start: [], end: [] } },
    ...{ features: {}, bands: [], meanBefore: [], meanAfter: [], peak: 0 },
  };
}

function onsetOf({ importedAt }: BatchFile, { beforeDate, afterDate }: Pick<BatchRow, 'beforeDate' | 'afterDate'>) {
  const firstChanged = afterDate ?? localDay(importedAt);
  return { lastUnchanged: beforeDate !== null && beforeDate <= firstChanged ? beforeDate : EVER, firstChanged };
}

function boxOf({ box: { minLon, minLat, maxLon, maxLat } }: PreparedPatch): LonLatBox {
  return { minLon, minLat, maxLon, maxLat };
}
