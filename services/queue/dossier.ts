import { PAPER_KINDS } from '../evidence/bundle/paper-files.ts';
import { type CheckedPhoto, checkPhotos } from '../field/check-photos.ts';
import { checkLabels } from '../field/checks/check-result.ts';
import type { Label } from '../lifecycle/label.ts';
import { localDay } from '../local-time.ts';
import { PATROL_ANSWERS } from '../people/patrol.ts';
import { patrolsBefore } from '../people/patrols-before.ts';
import { type Responsibility, responsibleFor } from '../people/responsible.ts';
import { papersOf } from '../store/handovers.ts';
import type { Store } from '../store/open.ts';
import { patchGroundsOf } from '../store/patch-grounds.ts';
import { verdictsOfPatch } from '../store/watch.ts';
import { type VerdictName, verdictLabels, type WatchReason, watchReasons } from '../watch/decide.ts';
import type { WatchEvidence } from '../watch/evidence.ts';
import { type PatchDetail, patchDetail } from './detail.ts';

/** The file of a patch (卷宗): who answers for it, what people brought in, what became of its place. */
export interface Dossier {
  /** As of today. */
  responsible: Responsibility;
  /** Was a patrol there before the image? */
  patrol: { answer: string; label: Label; because: Label };
  photos: DossierPhoto[];
  earlierPhotos: PatchDetail['earlierPhotos'];
  papers: DossierPaper[];
  /** Looks after closing, oldest first. */
  watch: WatchedLook[];
  seenAgain: PatchDetail['seenAgain'];
  /** Splits and merges; itself first. */
  family: PatchDetail['family']['patches'];
}

export interface DossierPhoto {
  id: string;
  takenBy: string | null;
  /** UTC. */
  addedAt: string;
  format: 'jpeg' | 'heic';
  /** Where the camera stood and whither it looked, degrees from north; null where nobody knows. */
  position: { lon: number; lat: number } | null;
  azimuth: number | null;
  /** Full angle of view across the picture, degrees; null where the lens is not known. */
  viewDegrees: number | null;
  tests: { check: string; label: Label; outcome: string; said: Label }[];
}

export interface DossierPaper {
  id: string;
  kind: string;
  label: Label;
  fromName: string;
  fileName: string;
  note: string | null;
  addedAt: string;
  addedBy: string;
  sha256: string;
}

export interface WatchedLook {
  month: string;
  verdict: string;
  label: Label;
  because: Label;
  firstDate: string | null;
  lastDate: string | null;
  /** 0–1; restored of what was seen, null where nothing was compared. */
  observedShare: number;
  restoredShare: number | null;
  /** The step that was taken on it, or null. */
  step: string | null;
}

/**
 * @param home workspace folder, where photos lie; undefined: photos are told without their tests
 * @throws ServiceError not-found where there is no such patch, or where it lies outside `within`
 */
export async function patchDossier(
  store: Store,
  home: string | undefined,
  idOrNumber: string,
  { at, within = '' }: { at: Date; within?: string },
): Promise<Dossier> {
  const { db } = store;
  const { patch, seenAgain, earlierPhotos, family } = await patchDetail(store, idOrNumber, within);
  const [ground] = await patchGroundsOf(db, [patch.id]);
  const [{ finding }] = await patrolsBefore(db, [ground], localDay(at));
  const [checked] = home === undefined ? [] : await checkPhotos(store, home, patch.id);
  return {
    responsible: (await responsibleFor(db, ground, at))!,
    patrol: { answer: finding.answer, label: PATROL_ANSWERS[finding.answer], because: finding.because },
    photos: (checked?.photos ?? []).map(photoOf),
    earlierPhotos,
    papers: (await papersOf(db, 'patch', patch.id)).map(({ id, kind, ...paper }) => {
      const { fromName, fileName, note, addedAt, addedBy, sha256 } = paper;
      return { id, kind, label: PAPER_KINDS[kind], fromName, fileName, note, addedAt, addedBy, sha256 };
    }),
    watch: (await verdictsOfPatch(db, patch.id)).map(lookOf),
    seenAgain,
    family: family.patches,
  };
}

function photoOf({ photo, sight, results }: CheckedPhoto): DossierPhoto {
  const { id, takenBy, addedAt, format } = photo;
  return {
    ...{ id, takenBy, addedAt, format, position: sight.position, azimuth: sight.azimuth?.degrees ?? null },
    viewDegrees: sight.viewDegrees,
    tests: results.map(({ check, outcome, zh, en }) => ({
      ...{ check, label: checkLabels[check], outcome, said: { zh, en } },
    })),
  };
}

type Row = Awaited<ReturnType<typeof verdictsOfPatch>>[number];

function lookOf({ month, verdict, reason, firstDate, lastDate, observedShare, evidenceJson, step }: Row): WatchedLook {
  const { seen } = JSON.parse(evidenceJson) as WatchEvidence;
  const label = verdictLabels[verdict as VerdictName];
  const because = watchReasons[reason as WatchReason];
  return {
    month,
    verdict,
    label,
    because,
    firstDate,
    lastDate,
    observedShare,
    restoredShare: seen?.restored ?? null,
    step,
  };
}
