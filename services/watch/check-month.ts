import type { Insertable } from 'kysely';
import { detectorVersion } from '../../detectors/model.ts';
import { detectionJobs } from '../detection/job-limits.ts';
import type { PairModel } from '../detection/scene-pair.ts';
import { SourceCache } from '../detection/source-cache.ts';
import { ThreadPool } from '../jobs/threads.ts';
import { lastDayOf } from '../month/calendar-month.ts';
import { contentId, type Evidence } from '../month/evidence.ts';
import { eventsOf } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import type { WatchVerdictTable } from '../store/schema-watch.ts';
import {
  type ClosedPatch,
  closedPatches,
  countPatches,
  verdictsOfPatch,
  type WatchVerdictRow,
  withdrawnScenes,
} from '../store/watch.ts';
import { type Claim, claimOf } from './claim.ts';
import { isWatchedOut, stepAfter, type Verdict, type VerdictName, verdictOf, type WatchStep } from './decide.ts';
import type { WatchEvidence } from './evidence.ts';
import { type PatchLook, PatchLooker } from './look.ts';
import { type ComparedRun, MonthView } from './month-view.ts';
import { watchRules } from './rules.ts';

/** States in which a patch counts as put right, and is watched. */
const watchedStates = ['resolved', 'restored'];

export interface WatchOptions {
  workers: number;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A verdict that is not written yet, and the step that follows from it. */
export interface PlannedVerdict {
  row: Omit<Insertable<WatchVerdictTable>, 'step' | 'at'>;
  step: WatchStep | null;
  /** Version of the patch that it was judged at: moved on since, it is nobody's to step with. */
  version: number;
  /** Days of the images, for the log. */
  dates: string[];
}

/**
 * Looks at every closed patch in the images of a run, and says what they show. Nothing is written; see write-verdicts.ts.
 * A patch of which a clear verdict on that month is known is judged again all the same: the same is seen again.
 */
export async function watchMonth(store: Store, run: ComparedRun, options: WatchOptions): Promise<PlannedVerdict[]> {
  const pool = new ThreadPool(options.workers, new URL('../detection/thread.ts', import.meta.url), detectionJobs);
  const sources = new SourceCache();
  const estimate = async (input: unknown) => (await pool.run('estimate-or-refuse', input)) as PairModel;
  const looker = new PatchLooker(store, new MonthView(store, run), sources, estimate);
  const withdrawn = await withdrawnScenes(store.db);
  const planned: PlannedVerdict[] = [];
  const total = await countPatches(store.db, watchedStates);
  let done = 0;
  try {
    for await (const page of closedPatches(store.db, watchedStates)) {
      for (const patch of page) {
        const verdict = await judged(store, run, patch, looker, withdrawn);
        if (verdict !== null) planned.push(verdict);
        options.onProgress?.(++done, total);
      }
    }
  } finally {
    await sources.close();
    await pool.close();
  }
  return planned;
}

async function judged(
  store: Store,
  run: ComparedRun,
  patch: ClosedPatch,
  looker: PatchLooker,
  withdrawn: ReadonlySet<string>,
): Promise<PlannedVerdict | null> {
  const claim = claimOf(await eventsOf(store.db, 'patch', patch.id), patch.areaM2);
  if (claim === null || claim.since >= lastDayOf(run.month)) return null;
  const standing = standingVerdicts(await verdictsOfPatch(store.db, patch.id), claim, withdrawn);
  const earlier = standing.filter(({ month }) => month < run.month);
  if (isWatchedOut(patch.state, sinceConfirmed(earlier))) return null;
  const look =
    claim.kind === 'stays' ? null : await looker.look(JSON.parse(patch.evidenceJson) as Evidence, claim.since);
  const restoredBefore = patch.state === 'restored' || earlier.some(({ verdict }) => verdict === 'restored');
  const verdict = verdictOfLook(look, claim, restoredBefore);
  const names = earlier.map((row) => row.verdict as VerdictName);
  // What later images showed is not undone by what an earlier month's show late.
  const isLatest = !standing.some(({ month, verdict: known }) => month > run.month && known !== 'no-clear-look');
  return planOf(run, patch, {
    claim,
    look,
    verdict,
    step: isLatest ? stepAfter(patch.state, verdict.verdict, names) : null,
  });
}

function verdictOfLook(look: PatchLook | null, claim: Claim, restoredBefore: boolean): Verdict {
  if (look === null) return { verdict: 'not-required', reason: 'stays-built' };
  if (look.seen !== null) return verdictOf(look.seen, claim, restoredBefore);
  const reason = look.reason ?? 'no-image';
  return { verdict: reason === 'no-image' ? 'no-clear-look' : 'not-sure', reason };
}

/** Of each month the latest verdict on a claim, oldest month first; without those whose images were withdrawn since. */
function standingVerdicts(
  rows: readonly WatchVerdictRow[],
  claim: Pick<Claim, 'eventId'>,
  withdrawn: ReadonlySet<string>,
): WatchVerdictRow[] {
  const valid = rows.filter(({ claimId, evidenceJson }) => {
    const { looks } = JSON.parse(evidenceJson) as WatchEvidence;
    return claimId === claim.eventId && !looks.some(({ id }) => withdrawn.has(id));
  });
  const latest = new Map(valid.map((row) => [row.month, row]));
  return [...latest.values()].sort((a, b) => (a.month < b.month ? -1 : 1));
}

function sinceConfirmed(rows: readonly WatchVerdictRow[]): VerdictName[] {
  const confirmed = rows.findLastIndex(({ step }) => step === 'confirm-restored');
  return rows.slice(confirmed + 1).map(({ verdict }) => verdict as VerdictName);
}

function planOf(
  run: ComparedRun,
  patch: ClosedPatch,
  found: { claim: Claim; look: PatchLook | null; verdict: Verdict; step: WatchStep | null },
): PlannedVerdict {
  const { claim, look, verdict, step } = found;
  const { seen = null, looks = [], bands = [], compared = null } = look ?? {};
  const evidence: WatchEvidence = { claim, seen, looks, bands, compared, detector: detectorVersion };
  const dates = looks.map(({ date }) => date).sort();
  const row: PlannedVerdict['row'] = {
    id: contentId('watch', patch.id, run.month, verdict, evidence, watchRules.edition),
    patchId: patch.id,
    district: patch.district,
    month: run.month,
    runId: run.id,
    claimId: claim.eventId,
    ...verdict,
    firstDate: dates[0] ?? null,
    lastDate: dates.at(-1) ?? null,
    observedShare: seen?.observed ?? 0,
    evidenceJson: JSON.stringify(evidence),
    edition: watchRules.edition,
  };
  return { row, step, version: patch.version, dates };
}
