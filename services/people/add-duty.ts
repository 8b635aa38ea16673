import { createHash } from 'node:crypto';
import { ServiceError } from '../error.ts';
import { localDay } from '../local-time.ts';
import { type DutyEntry, dutyEntries, insertDutyEntries } from '../store/duties.ts';
import type { Store } from '../store/open.ts';
import { validVersions } from '../store/zone-versions.ts';
import { zonesOfVersions } from '../store/zones.ts';
import { type Duty, dutiesOf } from './duties.ts';
import { GRIDS_LAYER, type Grid, gridOf } from './grid.ts';
import { DUTIES, type DutyKind, personName } from './person.ts';

/** A duty as somebody enters it. */
export interface NewDuty {
  person: string;
  duty: DutyKind;
  /** Code of a grid of the layer, or else a district code prefix ('' = everywhere); one of the two. */
  grid?: string | undefined;
  district?: string | undefined;
  /** YYYY-MM-DD; by default the day it is entered. */
  from?: string | undefined;
  to?: string | undefined;
  phone?: string | undefined;
  note?: string | undefined;
}

export interface Entering {
  actor: string;
  at: Date;
}

/**
 * Enters duties in the register, all or none. Entered again in the same words they are the same entries.
 * @returns how many were new
 * @throws ServiceError bad-input naming the person, what was wanted and got
 */
export async function addDuties(store: Store, duties: readonly NewDuty[], entering: Entering): Promise<number> {
  if (entering.actor.trim() === '') throw new ServiceError('bad-input', 'A duty needs to know who enters it.');
  const grids = await gridsOn(store, localDay(entering.at));
  const entries = duties.map((duty) => beginEntry(duty, grids, entering));
  return store.db.transaction().execute(async (trx) => {
    const before = (await dutyEntries(trx)).length;
    await insertDutyEntries(trx, entries);
    return (await dutyEntries(trx)).length - before;
  });
}

/** Ends a duty of a person with a day, as a new entry. @throws ServiceError not-found, bad-input */
export async function endDuty(store: Store, dutyId: string, lastDay: string, entering: Entering): Promise<Duty> {
  return store.db.transaction().execute(async (trx) => {
    const entries = await dutyEntries(trx);
    const duty = dutiesOf(entries).find(({ id }) => id === dutyId);
    if (duty === undefined) throw new ServiceError('not-found', `There is no duty ${dutyId}.`);
    checkDays(duty.person, duty.fromDay, dayName(duty.person, lastDay));
    await insertDutyEntries(trx, [endEntry(duty, lastDay, { ...entering, handOver: null, note: '' })]);
    return { ...duty, toDay: lastDay };
  });
}

/** The entry by which a duty begins. */
function beginEntry(given: NewDuty, grids: ReadonlyMap<string, Grid>, { actor, at }: Entering): DutyEntry {
  const person = personName(given.person);
  if (!Object.hasOwn(DUTIES, given.duty)) throw refused(person, `one of ${Object.keys(DUTIES).join(', ')}`, given.duty);
  if ((given.grid === undefined) === (given.district === undefined)) {
    throw refused(person, 'a grid or a district, one of the two', given.grid === undefined ? 'neither' : 'both');
  }
  const fromDay = dayName(person, given.from ?? localDay(at));
  const toDay = given.to === undefined ? null : dayName(person, given.to);
  checkDays(person, fromDay, toDay);
  const where = given.grid === undefined ? districtOf(person, given.district!) : gridNamed(person, given.grid, grids);
  const said = { person, duty: given.duty, ...where, fromDay, toDay, phone: given.phone?.trim() || null };
  const note = given.note?.trim() ?? '';
  return entryOf({ kind: 'begin', ofEntry: null, ...said, handOver: null, note, actor, at: at.toISOString() });
}

export interface Ending extends Entering {
  handOver: string | null;
  note: string;
}

export function endEntry({ id, ...duty }: Duty, toDay: string, { actor, at, handOver, note }: Ending): DutyEntry {
  const of = { kind: 'end' as const, ofEntry: id, fromDay: null, toDay, phone: null };
  const { person, duty: kind, grid, district } = duty;
  return entryOf({ ...of, person, duty: kind, grid, district, handOver, note, actor, at: at.toISOString() });
}

/** An entry with its id: of a beginning the hash of what it says, of what speaks of another also of who said so when. */
export function entryOf(entry: Omit<DutyEntry, 'id'>): DutyEntry {
  const { kind, ofEntry, person, duty, grid, district, fromDay, toDay, phone, handOver, actor, at } = entry;
  const said = [kind, ofEntry, person, duty, grid, district, fromDay, toDay, phone, handOver];
  const about = kind === 'begin' && handOver === null ? said : [...said, actor, at];
  const id = createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 16);
  return { id, ...entry };
}

/** The grids of a day's layer by their code. */
async function gridsOn({ db }: Store, day: string): Promise<Map<string, Grid>> {
  const valid = await validVersions(db, day, [GRIDS_LAYER]);
  const zones = await zonesOfVersions(db, valid);
  const grids = zones.map((zone) => gridOf({ ...zone, properties: JSON.parse(zone.propertiesJson) }));
  return new Map(grids.map((grid) => [grid.code, grid]));
}

function gridNamed(person: string, code: string, grids: ReadonlyMap<string, Grid>) {
  const grid = grids.get(code);
  const got = grids.size === 0 ? `'${code}', and no layer grids is imported` : `'${code}'`;
  if (grid === undefined) throw refused(person, 'the code of a grid of the layer grids', got);
  return { grid: code, district: grid.district ?? '' };
}

function districtOf(person: string, district: string) {
  if (!/^\d{0,12}$/.test(district)) throw refused(person, 'up to 12 digits of a district code', `'${district}'`);
  return { grid: null, district };
}

function dayName(person: string, text: string): string {
  const day = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : Number.NaN);
  if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)) return text;
  throw refused(person, 'a day as YYYY-MM-DD', `'${text}'`);
}

function checkDays(person: string, from: string, to: string | null): void {
  if (to !== null && to < from) throw refused(person, `a last day on or after the first, ${from}`, to);
}

function refused(person: string, wanted: string, got: string): ServiceError {
  return new ServiceError('bad-input', `The duty of ${person}: wanted ${wanted}; got ${got}.`);
}
