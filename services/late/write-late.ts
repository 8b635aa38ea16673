import { changeTypes } from '../../detectors/change-type.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { findTransition, stateOf } from '../lifecycle/transitions.ts';
import { contentId, significant } from '../month/evidence.ts';
import { type Issue, issuePatches, patchIdOf } from '../month/issue.ts';
import type { Judged } from '../month/judged.ts';
import type { MonthPlan } from '../month/plan.ts';
import { verdictsOf } from '../month/verdicts.ts';
import { insertDetections, insertPlaces } from '../store/detections.ts';
import { addLateScene, patchesRestingOn, reasonOfState } from '../store/late.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';
import type { LateEffectTable } from '../store/schema-watch.ts';
import { correctClosed } from '../watch/correct-closed.ts';
import { watchActor, writeVerdicts } from '../watch/write-verdicts.ts';
import { knownPatch } from './known-patch.ts';
import type { LateLook, LateWork } from './look-at-late.ts';
import type { PendingScene } from './pending.ts';

/** What became of a late or withdrawn scene, kept with it. */
export interface LateOutcome {
  /** The scene that took its place, or whose place it took. */
  replacedBy: string | null;
  /** Why nothing could be compared. */
  why: string | null;
  /** Changes it shows; those that were put into the queue, by number of the month's run. */
  detections: number;
  issued: number;
  /** Ground of its month that nothing else had shown, m² by district; null where that cannot be told. */
  gainedM2: Record<string, number> | null;
  /** Closed patches that it gave a verdict on. */
  verdicts: number;
  /** Correction entries to closed months. */
  corrections: { month: string; entry: number }[];
}

type Effect = Omit<LateEffectTable, 'seq' | 'lateId'>;

interface Run {
  id: string;
  month: string;
}

/** What was dismissed because its image was bad comes back when a good one shows it. */
const badImage = ['cloud', 'shadow', 'imagery-quality', 'shift'];

/** Writes what late and withdrawn scenes change, in the caller's transaction: the run's own conclusion. */
export async function writeLate(trx: Store['db'], run: Run, { looks, gone }: LateWork, at: Date): Promise<void> {
  for (const scene of gone) {
    const effects = await onWithdrawal(trx, scene, at);
    await record(trx, run, scene, effects, { detections: 0, issued: 0, gainedM2: null, verdicts: 0, why: null }, at);
  }
  for (const look of looks) await writeLook(trx, run, look, at);
}

async function writeLook(trx: Store['db'], run: Run, look: LateLook, at: Date): Promise<void> {
  const taken = await writeVerdicts(trx, look.verdicts, at);
  const effects: Effect[] = [];
  const lateId = look.scenes[0].id;
  for (const { patchId, action } of taken) effects.push(await effectOn(trx, patchId, action, noteOf(look.scenes[0])));
  const found = look.plan === null ? [] : await onChanges(trx, run, look, look.plan, at);
  effects.push(...found);
  const issued = found.filter(({ effect }) => effect === 'found').length;
  const { judged, gainedM2, verdicts, why } = look;
  for (const scene of look.scenes) {
    // What scenes of one day show together stands with the first of them.
    const first = scene.id === lateId;
    const told = { detections: judged.length, issued, gainedM2, verdicts: verdicts.length, why };
    await record(trx, run, scene, first ? effects : [], told, at);
  }
}

async function record(
  trx: Store['db'],
  run: Run,
  { id, scene, kind, month, replacedBy }: PendingScene,
  effects: readonly Effect[],
  told: Omit<LateOutcome, 'replacedBy' | 'corrections'>,
  at: Date,
): Promise<void> {
  const moved = effects.filter(({ effect }) => effect !== 'found' && effect !== 'seen-again');
  const ids = moved.map(({ patchId }) => patchId);
  const corrections = await correctClosed(trx, ids, { actor: watchActor, reason: noteOf({ scene, kind }), at });
  const outcome: LateOutcome = { replacedBy, ...told, corrections };
  const row = { id, sceneId: scene.id, kind, month, date: scene.date, runId: run.id, at: at.toISOString() };
  await addLateScene(
    trx,
    { ...row, outcomeJson: JSON.stringify(outcome) },
    effects.map((effect) => ({ lateId: id, ...effect })),
  );
}

/** People decided on patches by an image that is no more: those who ended them are asked again, the others are told. */
async function onWithdrawal(trx: Store['db'], pending: PendingScene, at: Date): Promise<Effect[]> {
  const { scene, kind, id } = pending;
  const effects: Effect[] = [];
  for (const patch of await patchesRestingOn(trx, scene.id, scene)) {
    const reason = kind === 'replaced' ? 'scene-replaced' : 'scene-withdrawn';
    const step = await askAgain(trx, patch.id, patch.state, { reason, note: noteOf(pending), evidence: id, at });
    if (step !== null)
      effects.push({ patchId: patch.id, district: patch.district, effect: step, note: noteOf(pending) });
  }
  return effects;
}

interface Asking {
  reason: string;
  note: string;
  evidence: string;
  at: Date;
}

/** The step that tells the people of a patch that what it rests on has changed; null where its state knows none. */
async function askAgain(
  trx: Store['db'],
  patchId: string,
  state: string,
  { reason, note, evidence, at }: Asking,
): Promise<string | null> {
  const action = ['evidence-changed', 'reinstate', 'reopen'].find((one) => findTransition('patch', state, one));
  if (action === undefined) return null;
  const payload = { note, evidence: [evidence] };
  const why = action === 'evidence-changed' ? null : reason;
  await transitionIn(trx, { subject: 'patch', id: patchId, action, actor: watchActor, reason: why, payload, at });
  return action;
}

/** Places that a late image shows changed: unknown ones enter the queue of the run's month, known ones are told of it. */
async function onChanges(trx: Store['db'], run: Run, look: LateLook, plan: MonthPlan, at: Date): Promise<Effect[]> {
  const effects: Effect[] = [];
  const unknown: Judged[] = [];
  for (const judged of look.judged.filter(({ screening }) => screening === 'issued')) {
    const known = await knownPatch(trx, plan.grid, run.month, judged);
    if (known === null) unknown.push(judged);
    else effects.push(await onKnown(trx, known, look.scenes[0], at));
  }
  effects.push(...(await issueLate(trx, run, look, { plan, judged: unknown }, at)));
  return effects;
}

async function onKnown(
  trx: Store['db'],
  known: { patchId: string; state: string },
  pending: PendingScene,
  at: Date,
): Promise<Effect> {
  const { patchId, state } = known;
  const note = noteOf(pending);
  const dismissed = stateOf('patch', state).outcome === 'dismissed';
  if (!dismissed || !badImage.includes((await reasonOfState(trx, patchId, state)) ?? '')) {
    return effectOn(trx, patchId, 'seen-again', note);
  }
  const step = await askAgain(trx, patchId, state, { reason: 'late-scene', note, evidence: pending.id, at });
  return effectOn(trx, patchId, step ?? 'seen-again', note);
}

async function issueLate(
  trx: Store['db'],
  run: Run,
  look: LateLook,
  { plan, judged }: { plan: MonthPlan; judged: Judged[] },
  at: Date,
): Promise<Effect[]> {
  const late = { month: plan.month, scenes: look.scenes.map(({ scene }) => scene.id), date: look.date };
  const issues = judged.map((each): Issue => {
    const { patch, areaM2, district, box, facts, overlaps, evidence, screening } = each;
    const placeId = contentId('place', run.month, district, evidence.grid, evidence.runs);
    const found = { type: patch.typed.type, areaM2, score: significant(patch.score), box };
    const detectionId = contentId('detection', run.month, evidence, screening);
    return { patchId: patchIdOf(run.month, placeId), placeId, detectionId, district, facts, overlaps, ...found, late };
  });
  const layers = new Set(plan.layers.map(({ name }) => name));
  const verdicts = await verdictsOf({ db: trx } as Store, run.month, issues, layers, at);
  const places = issues.map(({ placeId, district }) => ({ id: placeId, district, firstMonth: run.month }));
  await insertPlaces(trx, places);
  await insertDetections(
    trx,
    judged.map((each, i) => detectionRow(plan, run, each, issues[i])),
  );
  await issuePatches(trx, run, issues, verdicts, at);
  return issues.map(({ patchId, district }) => ({
    ...{ patchId, district, effect: 'found', note: noteOf(look.scenes[0]) },
  }));
}

function detectionRow(plan: MonthPlan, run: Run, judged: Judged, { detectionId, placeId }: Issue) {
  const { patch, areaM2, district, geometry, box, evidence, beforeDate, afterDate, observedFraction, screening } =
    judged;
  const { type, confidence } = patch.typed;
  const seen = { beforeDate, afterDate, observedFraction, screening, ...box };
  return {
    ...{ id: detectionId, runId: plan.id, placeId, month: run.month, district, areaM2, type, ...seen },
    score: significant(patch.score),
    typeConfidence: significant(confidence),
    evidenceJson: JSON.stringify({ ...evidence, tblx: changeTypes[type].tblx }),
    geometryJson: JSON.stringify(geometry),
  };
}

async function effectOn(trx: Store['db'], patchId: string, effect: string, note: string): Promise<Effect> {
  const patch = await findPatch(trx, patchId);
  return { patchId, district: patch?.district ?? '', effect, note };
}

/** What happened to the scene, in a sentence for the log. */
function noteOf({ scene, kind }: Pick<PendingScene, 'scene' | 'kind'>): string {
  const named = `${scene.date} 影像 ${scene.id}`;
  if (kind === 'late') return `${named} 于 ${scene.addedAt.slice(0, 10)} 补到`;
  return `${named} 于 ${(scene.removedAt ?? '').slice(0, 10)} ${kind === 'replaced' ? '被替换' : '撤回'}`;
}
