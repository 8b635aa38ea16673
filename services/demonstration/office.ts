import { createHash } from 'node:crypto';
import { addPhotosOf } from '../field/add-photos.ts';
import { transition } from '../lifecycle/transition.ts';
import type { Store } from '../store/open.ts';
import { type PatchRow, patchesOfMonth } from '../store/patches.ts';
import { drawnPhoto } from './drawn-photo.ts';

/** One thing a simulated official does with a patch, so many days after it was found. */
interface Act {
  afterDays: number;
  action: string;
  reason?: string;
  payload?: Record<string, unknown>;
  /** Somebody goes there and takes one as evidence. */
  photo?: true;
}

const actor = '模拟人员 (simulated)';
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Degrees, some 30 m. */
const southOfIt = 0.0003;
/** Nobody measured it: all of it counts once later images confirm it. */
const remedy = { demolishedM2: 0 };

const dismissed: Act[] = [{ afterDays: 3, action: 'dismiss', reason: 'season', payload: { note: '模拟排除' } }];
const warned: Act[] = [
  { afterDays: 2, action: 'warn', payload: { note: '疑似非农建设，请核查（模拟）' } },
  { afterDays: 4, action: 'acknowledge' },
];
const verified: Act[] = [...warned, { afterDays: 12, action: 'verify', photo: true }];
const approved = (judgement: string): Act[] => [
  ...verified,
  { afterDays: 14, action: 'judge', payload: { judgement } },
  { afterDays: 15, action: 'submit' },
  { afterDays: 17, action: 'approve' },
  { afterDays: 19, action: 'approve' },
  { afterDays: 22, action: 'approve' },
];
const closed: Act[] = [...approved('facility'), { afterDays: 23, action: 'close' }];
const resolved: Act[] = [
  ...approved('illegal-construction'),
  { afterDays: 23, action: 'rectify-before-filing' },
  { afterDays: 34, action: 'submit-closure', photo: true, payload: { remedy } },
  { afterDays: 38, action: 'resolve', payload: { cause: 'patrol-gap' } },
];

/** Ways a patch may go, and the share of patches (in percent, summing to 100) that goes each way. */
const ways: { percent: number; acts: Act[] }[] = [
  { percent: 12, acts: [] },
  { percent: 14, acts: dismissed },
  { percent: 22, acts: warned },
  { percent: 18, acts: verified },
  { percent: 10, acts: closed },
  { percent: 24, acts: resolved },
];

/**
 * Lets simulated people work on a month's queue up to a day: some are diligent, some late. Which patch goes
 * which way is decided by its number, so the same queue always fares the same; steps already taken are kept.
 *
 * @param home workspace folder, where their photos are kept
 */
export async function workTheQueue(store: Store, month: string, until: Date, home: string): Promise<void> {
  for (const patch of await patchesOfMonth(store.db, month)) {
    const acts = wayOf(patch);
    // A patch has one event more than it was moved: the one that found it.
    for (const act of acts.slice(patch.version - 1)) {
      const at = new Date(Date.parse(patch.createdAt) + act.afterDays * dayMs);
      if (at > until) break;
      const { action, reason } = act;
      const evidence = act.photo ? { evidence: [await photograph(store, home, patch, { action, at })] } : {};
      const payload = { ...act.payload, ...evidence };
      await transition(store, { subject: 'patch', id: patch.id, action, reason, payload, actor, at });
    }
  }
}

/** A drawn photo of a patch, from south of it looking north; taken again it is the same one. Gives its id. */
async function photograph(
  store: Store,
  home: string,
  patch: PatchRow,
  { action, at }: { action: string; at: Date },
): Promise<string> {
  const { number, minLon, maxLon, minLat } = patch;
  const stand = { lon: (minLon + maxLon) / 2, lat: minLat - southOfIt, azimuth: 0 };
  const bytes = await drawnPhoto(`${number} ${action}`, { ...stand, takenAt: new Date(at.getTime() - hourMs) });
  const file = { name: `${number}-${action}.jpg`, bytes };
  const [{ id }] = await addPhotosOf(store, home, patch, [file], { takenBy: actor, readings: [], now: at });
  return id;
}

function wayOf(patch: PatchRow): Act[] {
  let roll = createHash('sha256').update(patch.number).digest().readUInt32BE() % 100;
  for (const { percent, acts } of ways) {
    if (roll < percent) return acts;
    roll -= percent;
  }
  return [];
}
