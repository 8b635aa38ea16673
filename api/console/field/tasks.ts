import type { FieldTasksBody } from '../../server/field-schemas.ts';
import type { ChangeTypes, Lifecycle, Workspace } from '../../server/schemas.ts';
import { setClock } from '../shell/clock.ts';
import { ask } from './ask.ts';
import { type Account, type Box, forgetBorrowed, type KeptTask } from './box.ts';

/** How asking for the tasks went. */
export type Refreshed = 'new' | 'same' | 'offline' | 'log-in' | 'must-change' | 'failed';

/** Pictures are kept for so many tasks: the nearest in order. */
const mostPictures = 80;
export const pictureSide = 256;

/** Who is logged in, or why nobody is known to be. */
async function whoIsThere(): Promise<Workspace | Refreshed> {
  const response = await ask('workspace');
  if (response === null) return 'offline';
  if (response.status === 401) return 'log-in';
  if (response.status === 403) return 'must-change';
  return response.ok ? ((await response.json()) as Workspace) : 'failed';
}

/**
 * Fetches the tasks of who is logged in; what another person had on this phone goes first.
 * @param stillHere false once the person has logged out: then nothing more is kept
 */
export async function refreshTasks(box: Box, stillHere: () => boolean): Promise<Refreshed> {
  const workspace = await whoIsThere();
  if (typeof workspace === 'string') return workspace;
  const before = await box.get('account', 'now');
  const changed = before !== undefined && !isSame(before.access, workspace.access);
  if (changed) await forgetBorrowed(box);
  const etag = changed ? undefined : before?.etag;
  const response = await ask('field/tasks?limit=500', etag === undefined ? {} : { 'If-None-Match': etag });
  if (response === null) return 'offline';
  if (response.status !== 304 && !response.ok) return response.status === 401 ? 'log-in' : 'failed';
  const body = response.status === 304 ? null : ((await response.json()) as FieldTasksBody);
  const { access, name, simulated, now } = workspace;
  const account: Account = {
    access,
    workspace: { name, simulated },
    // Real work goes by the phone's own clock, which is told to the server beside it.
    leadMs: simulated ? Date.parse(now) - Date.now() : 0,
    choices: body?.choices ?? before!.choices,
    types: before?.types ?? (await typesOf()),
    etag: body === null ? before!.etag : (response.headers.get('ETag')?.replace(/^W\//, '') ?? ''),
    loadedAt: new Date().toISOString(),
  };
  if (!stillHere()) return 'log-in';
  await keep(box, account, body?.tasks ?? null);
  setClock(now);
  return body === null ? 'same' : 'new';
}

async function keep(box: Box, account: Account, tasks: FieldTasksBody['tasks'] | null): Promise<void> {
  const change = box.transaction(['account', 'tasks', 'pictures'], 'readwrite');
  await change.objectStore('account').put(account, 'now');
  if (tasks !== null) {
    await change.objectStore('tasks').clear();
    for (const task of tasks) await change.objectStore('tasks').put({ id: task.id, task });
    const ids = new Set(tasks.map(({ id }) => id));
    for (const id of await change.objectStore('pictures').getAllKeys()) {
      if (!ids.has(id)) await change.objectStore('pictures').delete(id);
    }
  }
  await change.done;
}

async function typesOf(): Promise<Account['types']> {
  const [types, lifecycle] = [await ask('change-types'), await ask('lifecycle')];
  return {
    types: types?.ok ? ((await types.json()) as ChangeTypes) : { types: [] },
    states: lifecycle?.ok
      ? ((await lifecycle.json()) as Lifecycle).states.patch.map(({ name, label }) => ({ name, label }))
      : [],
  };
}

/** Fetches pictures that are not kept yet, one after the other; ends quietly where the server is not reached. */
export async function fetchPictures(
  box: Box,
  tasks: readonly Pick<KeptTask, 'id'>[],
  onOne: () => void,
): Promise<void> {
  const kept = new Set(await box.getAllKeys('pictures'));
  for (const { id } of tasks.slice(0, mostPictures)) {
    if (kept.has(id)) continue;
    const at = `patches/${encodeURIComponent(id)}`;
    const parts = await Promise.all(
      ['before.png', 'after.png', 'chip.json'].map((name) => ask(`${at}/${name}?size=${pictureSide}`)),
    );
    if (parts.some((part) => part === null)) return;
    const [before, after, frame] = parts as Response[];
    // Of some patches there are none: they came as a row of a batch.
    if (!before.ok || !after.ok || !frame.ok) continue;
    const pictures = { id, before: await before.blob(), after: await after.blob(), frame: await frame.json() };
    // Logged out in the meantime: nothing of it stays.
    const change = box.transaction(['account', 'pictures'], 'readwrite');
    const known = (await change.objectStore('account').get('now')) !== undefined;
    if (known) await change.objectStore('pictures').put(pictures);
    await change.done;
    if (!known) return;
    onOne();
  }
}

function isSame(a: Workspace['access'], b: Workspace['access']): boolean {
  return a.actor === b.actor && a.district === b.district && a.role === b.role;
}
