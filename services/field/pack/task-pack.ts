import { ImageryError } from '../../../imagery/error.ts';
import { ServiceError } from '../../error.ts';
import type { PatchChips } from '../../evidence/chips.ts';
import { STATES, stateNames } from '../../lifecycle/transitions.ts';
import { eventsOf } from '../../store/events.ts';
import { type TaskRow, tasksOf } from '../../store/field-tasks.ts';
import type { Store } from '../../store/open.ts';
import { latestOpinion } from '../../store/opinions.ts';
import { workspaceKey } from './workspace-key.ts';
import { type PackFile, writePack } from './write-pack.ts';

/** Pixels a side of the pictures that travel along. */
const CHIP_SIDE = 512;

export interface PackedTasks {
  id: string;
  signedBy: string;
  tasks: number;
  /** Tasks that travel with both pictures. */
  withPictures: number;
}

/**
 * Writes the open tasks of a district for where there is no network: outlines, dates, opinions and before/after
 * pictures, signed by the workspace.
 * @throws ServiceError bad-input where the district has nothing open
 */
export async function packTasks(
  store: Store,
  home: string,
  { district, path, chips, now }: { district: string; path: string; chips: PatchChips; now: Date },
): Promise<PackedTasks> {
  if (!/^\d{2,12}$/.test(district)) {
    throw new ServiceError('bad-input', `A package is for a district code of 2 to 12 digits; got '${district}'.`);
  }
  const rows = await tasksOf(store.db, district, stateNames('patch', { outcome: 'open' }));
  if (rows.length === 0) throw new ServiceError('bad-input', `The district ${district} has no open patches to pack.`);
  const { id: signedBy, key, publicKey } = await workspaceKey(home);
  let withPictures = 0;
  async function* files(): AsyncGenerator<PackFile> {
    const tasks: object[] = [];
    for (const row of rows) {
      const pictures = await picturesOf(row, chips);
      yield* pictures;
      if (pictures.length > 0) withPictures++;
      tasks.push(await taskOf(store, row, pictures));
    }
    const about = { format: 'tuban-tasks-1', district, at: now.toISOString(), workspaceKey: publicKey, tasks };
    yield { name: 'tasks.json', bytes: Buffer.from(JSON.stringify(about, null, 1)) };
  }
  const id = await writePack(path, files(), { kind: 'tasks', key, signedBy, at: now });
  return { id, signedBy, tasks: rows.length, withPictures };
}

/** None where the images it was judged on are no longer there, or none shows it. */
async function picturesOf({ id, number }: TaskRow, chips: PatchChips): Promise<PackFile[]> {
  const pictures: PackFile[] = [];
  try {
    for (const which of ['before', 'after'] as const) {
      const bytes = await chips.picture(id, which, CHIP_SIDE);
      pictures.push({ name: `chips/${number}-${which}.png`, bytes });
    }
    return pictures;
  } catch (error) {
    if (error instanceof ImageryError || error instanceof ServiceError || error instanceof TypeError) return [];
    throw error;
  }
}

async function taskOf({ db }: Store, row: TaskRow, pictures: readonly PackFile[]): Promise<object> {
  const { id, number, month, district, type, areaM2, state, dueAt, beforeDate, afterDate } = row;
  const { minLon, minLat, maxLon, maxLat } = row;
  const opinion = await latestOpinion(db, id);
  const warned = (await eventsOf(db, 'patch', id)).find(({ action }) => action === 'warn');
  return {
    ...{ id, number, month, district, type, areaM2, state, dueAt, beforeDate, afterDate },
    stateLabel: STATES.patch.find(({ name }) => name === state)?.label ?? null,
    issuedAt: warned?.at ?? null,
    box: [minLon, minLat, maxLon, maxLat],
    outline: JSON.parse(row.geometryJson),
    opinion: opinion && JSON.parse(opinion.opinionJson),
    pictures: pictures.map(({ name }) => name),
  };
}
