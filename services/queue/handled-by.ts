import type { Kysely } from 'kysely';
import type { Condition } from '../features/cql2/tree.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { localDay } from '../local-time.ts';
import { type Duty, dutiesOf, holderOf, holdsOn } from '../people/duties.ts';
import { responsibleForAll } from '../people/responsible.ts';
import { dutyEntries } from '../store/duties.ts';
import { givingEvents } from '../store/handlers.ts';
import { patchGrounds } from '../store/patch-grounds.ts';
import type { Database } from '../store/schema.ts';

type Resolved = Condition<readonly string[]>;

/**
 * The patches that a person has in hand (承办人) at a moment, as responsible.ts says of each: those last given to the
 * person, and of those given to nobody the ones where the register names the person. `within`: district code prefix.
 */
export async function handledBy(
  db: Kysely<Database>,
  { person, at }: { person: string; at: Date },
  within: string,
): Promise<Resolved> {
  const assigned = await assignees(db, within);
  const own = [...assigned].filter(([, assignee]) => assignee === person).map(([id]) => id);
  const duties = dutiesOf(await dutyEntries(db)).filter(
    ({ duty, fromDay, toDay }) => duty === 'handler' && holdsOn({ fromDay, toDay }, localDay(at)),
  );
  const given: Resolved = { kind: 'intersects', place: own };
  if (!duties.some((duty) => duty.person === person)) return given;
  const notGiven: Resolved = { kind: 'not', condition: { kind: 'intersects', place: [...assigned.keys()] } };
  const registered = await registeredTo(db, person, { duties, at, within });
  return { kind: 'or', conditions: [given, { kind: 'and', conditions: [notGiven, registered] }] };
}

/** To whom each patch was last given; those given to nobody are left out. */
async function assignees(db: Kysely<Database>, within: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { subjectId, payloadJson } of withoutUndone(await givingEvents(db, within))) {
    const { assignee } = JSON.parse(payloadJson) as { assignee?: string };
    if (assignee !== undefined) found.set(subjectId, assignee);
  }
  return found;
}

/** Where the register names the person. Districts suffice, unless somebody holds a grid: then each patch there is looked at. */
async function registeredTo(
  db: Kysely<Database>,
  person: string,
  { duties, at, within }: { duties: readonly Duty[]; at: Date; within: string },
): Promise<Resolved> {
  const day = localDay(at);
  const gridded = [...new Set(duties.filter(({ grid }) => grid !== null).map(({ district }) => district))];
  const byGrid: string[] = [];
  for (const district of outermost(gridded)) {
    if (!meets(district, within)) continue;
    const patches = await patchGrounds(db, { district: longer(district, within) });
    const responsible = await responsibleForAll(db, patches, at);
    byGrid.push(...[...responsible].filter(([, { handler }]) => handler?.person === person).map(([id]) => id));
  }
  const codes = [...new Set(duties.filter(({ grid }) => grid === null).map(({ district }) => district))];
  const beyondGrids = codes.filter((code) => !gridded.some((district) => code.startsWith(district)));
  const held = beyondGrids.filter(
    (code) => holderOf(duties, 'handler', { grids: [], district: code }, day)?.person === person,
  );
  const byDistrict = held.map((code): Resolved => {
    // Narrower districts have holders of their own, and where there are grids each patch was looked at.
    const others = [...codes.filter((other) => other !== code), ...gridded].filter((other) => other.startsWith(code));
    return { kind: 'and', conditions: [under(code), ...others.map((other): Resolved => not(under(other)))] };
  });
  return { kind: 'or', conditions: [{ kind: 'intersects', place: byGrid }, ...byDistrict] };
}

function under(code: string): Resolved {
  return { kind: 'like', property: 'district', pattern: [{ text: code }, 'any'] };
}

function not(condition: Resolved): Resolved {
  return { kind: 'not', condition };
}

function meets(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function longer(a: string, b: string): string {
  return a.length >= b.length ? a : b;
}

function outermost(districts: readonly string[]): string[] {
  return districts.filter((one) => !districts.some((other) => other !== one && one.startsWith(other)));
}
