import type { Lifecycle, PatchDetail, PatchItem } from '../../server/schemas.ts';
import { getJson, postJson, Refusal } from '../shell/server.ts';
import { forgetAhead, keepAnswer } from './ahead.ts';
import type { Job, Outbox, Post } from './outbox.ts';

/** Steps that the list takes with one key, or with many patches at once. */
export type StepName = 'dismiss' | 'warn' | 'note' | 'assign';

/** Where the step leads from a state, or null where the lifecycle has no such step. */
export function stateAfter(lifecycle: Lifecycle, action: string, state: string): string | null {
  const row = lifecycle.transitions.patch.find((one) => one.action === action && one.from.includes(state));
  return row === undefined ? null : (row.to ?? state);
}

/** Codes and names of why a patch is dismissed, as the lifecycle has them. */
export function dismissalReasons(lifecycle: Lifecycle) {
  const row = lifecycle.transitions.patch.find(({ action }) => action === 'dismiss');
  return row?.reasons === undefined ? [] : [...lifecycle.reasons[row.reasons]];
}

/** No connection, a server that is busy or restarting, a first try that is not answered yet. */
function mayPass(error: Error): boolean {
  if (!(error instanceof Refusal)) return false;
  return error.status === 0 || error.status === 429 || error.status >= 500 || error.code === 'key-in-use';
}

async function send({ id, number, key, body }: Job, version: number): Promise<PatchDetail> {
  forgetAhead(number);
  const moved = await postJson<PatchDetail>(`patches/${id}/transitions`, version, body, key).catch((error: Refusal) => {
    // It was done, and only the word of it was lost.
    if (error.code === 'answer-lost') return getJson<PatchDetail>(`patches/${id}`);
    throw error;
  });
  keepAnswer(moved);
  return moved;
}

export function serverPost(): Post {
  return {
    send,
    read: (id) => getJson<PatchDetail>(`patches/${id}`),
    mayPass,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newKey: () => newKey(),
  };
}

/** randomUUID is there only in secure contexts; a console on a plain http name has none. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What one has done here, a step or a batch at a time, to be taken back in the other order. */
export class Doings {
  private readonly outbox: Outbox;
  private readonly groups: Job[][] = [];

  constructor(outbox: Outbox) {
    this.outbox = outbox;
  }

  /** Of many, the server says of each that cannot be moved so why; of one, nothing is asked that cannot be. */
  take(
    patches: readonly PatchItem[],
    action: string,
    lifecycle: Lifecycle,
    inputOf: (patch: PatchItem) => object,
  ): Job[] {
    const many = patches.length > 1;
    const jobs = patches.flatMap((patch) => {
      const { state } = this.outbox.shown(patch);
      const to = stateAfter(lifecycle, action, state);
      return to === null && !many ? [] : [this.outbox.add(patch, action, to ?? state, inputOf(patch), many)];
    });
    if (jobs.length > 0) this.groups.push(jobs);
    return jobs;
  }

  /** Takes the last group back; the jobs of it, none where there is nothing to take back. */
  undo(): Job[] {
    const group = this.groups.pop() ?? [];
    this.outbox.forgetSettled();
    return group.filter((job) => {
      if (job.status === 'refused' || job.status === 'cancelled') return false;
      if (this.outbox.cancel(job)) return true;
      const { id, number, to } = job;
      this.outbox.add({ id, number, state: to, version: 0, dueAt: null }, 'undo', job.from, {}, group.length > 1);
      return true;
    });
  }
}
