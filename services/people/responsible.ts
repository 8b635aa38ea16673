import type { Kysely } from 'kysely';
import { withoutUndone } from '../lifecycle/undone.ts';
import { localDay } from '../local-time.ts';
import { assignEvents } from '../store/assignments.ts';
import { dutyEntries } from '../store/duties.ts';
import { type PatchGround, patchGroundsOf } from '../store/patch-grounds.ts';
import type { Database } from '../store/schema.ts';
import { type Duty, dutiesOf, holderOf } from './duties.ts';
import type { GridShare } from './grid.ts';
import { gridsOf } from './grids-of.ts';

/** One responsible person, and how that is known. */
export interface Held {
  person: string;
  phone: string | null;
  /** register: an entry of tuban people. layer: what the grid layer says. assigned: given the patch by hand. */
  by: 'register' | 'layer' | 'assigned';
}

/** Who is responsible for a patch on a day; null where nobody is known to be. */
export interface Responsibility {
  /** YYYY-MM-DD, Asia/Shanghai. */
  day: string;
  /** Its own grid, or null where no grid of that day's layer holds any of it. */
  grid: GridShare | null;
  /** All that hold some of it, its own first. */
  grids: GridShare[];
  fieldChief: Held | null;
  patroller: Held | null;
  handler: Held | null;
}

type Place = Pick<PatchGround, 'id' | 'district' | 'geometryJson'>;

/** Who is responsible for a patch at a moment: by id, or as patchGrounds gives it. Null where there is no such patch. */
export async function responsibleFor(
  db: Kysely<Database>,
  patch: string | Place,
  at: Date,
): Promise<Responsibility | null> {
  const [place] = typeof patch === 'string' ? await patchGroundsOf(db, [patch]) : [patch];
  if (place === undefined) return null;
  return (await responsibleForAll(db, [place], at)).get(place.id)!;
}

/** The same of many patches, by id. */
export async function responsibleForAll(
  db: Kysely<Database>,
  patches: readonly Place[],
  at: Date,
): Promise<Map<string, Responsibility>> {
  const day = localDay(at);
  const grids = await gridsOf(db, patches, day);
  const duties = dutiesOf(await dutyEntries(db));
  const assigned = await assigneesAt(
    db,
    patches.map(({ id }) => id),
    at,
  );
  return new Map(
    patches.map(({ id, district }) => {
      const own = grids.get(id) ?? [];
      return [id, responsibility(duties, own, { district, day, assignee: assigned.get(id) ?? null })];
    }),
  );
}

/** Pure. `grids`: the patch's, its own first. */
export function responsibility(
  duties: readonly Duty[],
  grids: readonly GridShare[],
  { district, day, assignee }: { district: string; day: string; assignee: string | null },
): Responsibility {
  const where = { grids: grids.map(({ code }) => code), district };
  const held = (kind: Duty['duty']): Held | null => {
    const found = holderOf(duties, kind, where, day);
    return found && { person: found.person, phone: found.phone, by: 'register' };
  };
  const grid = grids[0] ?? null;
  const ofLayer: Held | null = grid?.chief ? { person: grid.chief, phone: grid.phone, by: 'layer' } : null;
  return {
    day,
    grid,
    grids: [...grids],
    fieldChief: held('field-chief') ?? ofLayer,
    patroller: held('patroller'),
    handler: assignee === null ? held('handler') : { person: assignee, phone: null, by: 'assigned' },
  };
}

const IDS_PER_QUERY = 1000;

/** To whom each patch was last given by a moment, by id; patches nobody was given are left out. */
async function assigneesAt(db: Kysely<Database>, ids: readonly string[], at: Date): Promise<Map<string, string>> {
  const assignees = new Map<string, string>();
  for (let first = 0; first < ids.length; first += IDS_PER_QUERY) {
    const events = await assignEvents(db, ids.slice(first, first + IDS_PER_QUERY), at.toISOString());
    for (const { subjectId, payloadJson } of withoutUndone(events)) {
      const { assignee } = JSON.parse(payloadJson) as { assignee?: string };
      if (assignee !== undefined) assignees.set(subjectId, assignee);
    }
  }
  return assignees;
}
