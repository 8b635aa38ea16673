import type { RuleSet } from '../../services/legality/rule-set.ts';
import { maySatisfy, type Office } from '../../services/lifecycle/office.ts';
import { offeredUndo } from '../../services/lifecycle/undo.ts';
import type { PatchDetail as Detail } from '../../services/queue/detail.ts';
import { MU_PER_M2 } from '../../services/queue/detail.ts';
import type { ListedPatch } from '../../services/queue/list.ts';
import { opinionBody, themeBody } from './opinion-bodies.ts';
import type { PatchDetail, PatchItem } from './schemas.ts';

/** A patch as lists and features show it. */
export function patchItemBody(
  patch: Omit<ListedPatch, 'placeId' | 'detectionId' | 'createdAt' | 'updatedAt'>,
): PatchItem {
  const { id, number, month, district, districtName, type, areaM2, score, layers } = patch;
  const { state, dueAt, version, beforeDate, afterDate } = patch;
  return {
    ...{ id, number, month, district, districtName, type, areaM2, areaMu: areaM2 * MU_PER_M2, score, layers },
    ...{ state, dueAt, version, beforeDate, afterDate },
    bbox: [patch.minLon, patch.minLat, patch.maxLon, patch.maxLat],
  };
}

/** Who asks, and when: some steps are offered to one person for a time. */
export interface Asker {
  actor: string;
  /** What is offered is what it may do; null: only looks, and is shown what others may. */
  office: Office | null;
  at: Date;
}

/** A patch with all that is known of it, in the form of GET /patches/{id}. */
export function patchDetailBody(detail: Detail, ruleSets: readonly RuleSet[], asker: Asker): PatchDetail {
  const { patch, detection, districtName } = detail;
  const layers = [...new Set(detail.overlaps.map((overlap) => overlap.layer))];
  const { beforeDate, afterDate, evidence, id, typeConfidence, observedFraction, geometry } = detection;
  return {
    ...patchItemBody({ ...patch, districtName, layers, beforeDate, afterDate }),
    placeId: patch.placeId,
    geometry,
    overlaps: detail.overlaps.map(({ zoneId, layer, externalId, name, areaM2, areaMu, shareOfPatch }) => {
      return { zoneId, layer, externalId, name, areaM2, areaMu, shareOfPatch };
    }),
    detection: { id, typeConfidence, observedFraction, evidence: withoutPixels(evidence) },
    opinion: detail.opinion && opinionBody(detail.opinion, patch.number, ruleSets),
    themes: detail.themes.map(themeBody),
    samePlace: detail.samePlace,
    judgement: detail.judgement,
    stopped: detail.stopped,
    cases: detail.cases.map(({ id, title, state }) => ({ id, title, state })),
    history: detail.history.map(({ id, action, fromState, toState, actor, reason, payload, at }) => {
      return { id, action, fromState, toState, actor, reason, payload, at };
    }),
    actions: offeredTo(detail, asker)
      .filter((action) => (asker.office === null ? action.who.role !== 'system' : maySatisfy(asker.office, action)))
      .map(({ action, label, to, needs, asks, reasons, who }) => ({ action, label, to, needs, asks, reasons, who })),
  };
}

/** The undo comes last: it is offered to whoever took the latest step, while they may. */
function offeredTo({ allowedActions, projection, rules, frozen }: Detail, { actor, at }: Asker) {
  const undo = offeredUndo('patch', projection, { actor, at, rules, frozen });
  return undo === null ? allowedActions : [...allowedActions, undo];
}

/** The pixel runs are as large as the patch and say no more than its geometry: a page does without them. */
function withoutPixels({ runs: _, ...evidence }: Record<string, unknown>): Record<string, unknown> {
  return evidence;
}
