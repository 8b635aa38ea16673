import { ServiceError } from '../error.ts';
import { type Projection, project } from '../lifecycle/projection.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { type DetectionRow, findDetection } from '../store/detections.ts';
import { type EventRow, eventsOf } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import type { PatchRow } from '../store/patches.ts';
import { findPatchNamed } from '../store/queue.ts';
import type { Deed } from './enter.ts';

/** A patch that is to be split or merged. */
export interface Parent {
  patch: PatchRow;
  detection: DetectionRow;
  log: EventRow[];
  projection: Projection;
}

/**
 * The patch of an id or number, which must be open: what has ended is brought back first, as its end is somebody's word
 * for the whole of it. @throws ServiceError not-found, bad-input
 */
export async function openParent(store: Store, idOrNumber: string): Promise<Parent> {
  const patch = await findPatchNamed(store.db, idOrNumber);
  if (patch === null) throw new ServiceError('not-found', `There is no patch ${idOrNumber}.`);
  const { outcome, label } = stateOf('patch', patch.state);
  if (outcome !== 'open') {
    const got = `${patch.number} is ${patch.state} (${label.zh})`;
    throw new ServiceError('bad-input', `Only an open patch is split or merged; ${got}.`);
  }
  const detection = await findDetection(store.db, patch.detectionId);
  const log = await eventsOf(store.db, 'patch', patch.id);
  const projection = project(log);
  if (!detection || !projection) {
    throw new ServiceError('store-unusable', `The patch ${patch.id} has no ${detection ? 'events' : 'detection'}.`);
  }
  return { patch, detection, log, projection };
}

/** @throws ServiceError bad-input where nobody says who or why */
export function checkDeed({ actor, reason }: Deed): void {
  if (actor.trim() === '' || reason.trim() === '') {
    throw new ServiceError('bad-input', 'Patches are split and merged by somebody, for a reason; wanted both.');
  }
}
