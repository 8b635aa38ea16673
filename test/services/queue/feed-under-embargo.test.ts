import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hiddenFrom, liftEmbargo, setEmbargo } from '../../../services/access/embargo.ts';
import type { Access } from '../../../services/access/keys.ts';
import { readChanges } from '../../../services/queue/changes.ts';
import { appendEvent } from '../../../services/store/events.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { eventRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const admin: Access = { actor: 'centre', role: 'admin', district: '', office: null };
const viewer: Access = { actor: 'dashboard', role: 'viewer', district: '', office: null };
const places = [
  { month: '2025-05', district: '430421' },
  { month: '2025-05', district: '430422' },
  { month: '2025-06', district: '430421' },
  { month: '2025-06', district: '430422' },
];
const start = Date.parse('2025-07-01T00:00:00Z');

type Act =
  | { do: 'step'; patch: number }
  | { do: 'case'; patch: number }
  | { do: 'embargo'; month: string | undefined; district: string; hours: number }
  | { do: 'lift' }
  | { do: 'read'; limit: number };

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('step' as const), patch: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('case' as const), patch: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        do: fc.constant('embargo' as const),
        month: fc.constantFrom(undefined, '2025-05', '2025-06'),
        district: fc.constantFrom('', '4304', '430421', '430422'),
        hours: fc.integer({ min: 1, max: 12 }),
      })
      .filter(({ month, district }) => month !== undefined || district !== ''),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'lift' as const }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
);

describeOnBothStores('The change feed under embargoes', (openFresh, { dialect }) => {
  it('tells every event once, none while it is hidden, and those of one subject in order, whatever is set and lifted', async () => {
    const numRuns = dialect === 'sqlite' ? 120 : 25;
    const store = await openFresh();
    for (const place of places) await plantPatch(store, place);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 40 }), async (script) => {
        await follow(store, script, run++);
      }),
      { seed: 21, numRuns },
    );
  });
});

/** One reader through one script; then all embargoes end and it reads to the end. */
async function follow(store: Store, script: readonly Act[], run: number): Promise<void> {
  const day = start + run * 86_400_000 * 2;
  let hour = 0;
  let since = await endOf(store, new Date(day));
  const written: { id: string; subject: string; place: (typeof places)[number] }[] = [];
  const told: string[] = [];
  const set: string[] = [];
  const at = () => new Date(day + hour * 3_600_000);
  const read = async (limit: number) => {
    const hidden = () => hiddenFrom(store, viewer, at());
    const now = await hidden();
    const page = await readChanges(store, { since, limit, district: '', hidden });
    for (const { id } of page.changes) {
      const { place } = written.find((one) => one.id === id)!;
      expect(
        now.some(
          ({ month, district }) => (month ?? place.month) === place.month && place.district.startsWith(district),
        ),
      ).toBe(false);
      told.push(id);
    }
    since = page.next;
    return page.more;
  };
  for (const [i, act] of script.entries()) {
    hour += 0.5;
    const id = `e${run}-${i}`;
    if (act.do === 'step' || act.do === 'case') {
      const place = places[act.patch];
      const patch = `patch-${place.district}${place.month.replace('-', '')}0001`;
      const subjectId = act.do === 'step' ? patch : await caseOver(store, patch, place.district);
      await appendEvent(
        store.db,
        eventRow({ id, subject: act.do === 'step' ? 'patch' : 'case', subjectId, district: place.district }),
      );
      written.push({ id, subject: subjectId, place });
    } else if (act.do === 'embargo') {
      const { month, district, hours } = act;
      const grant = { month, district, until: new Date(at().getTime() + hours * 3_600_000), reason: 'not yet' };
      set.push((await setEmbargo(store, admin, grant, at())).id);
    } else if (act.do === 'lift') {
      const id = set.pop();
      if (id !== undefined) await liftEmbargo(store, admin, { id, reason: 'told' }, at()).catch(() => {});
    } else await read(act.limit);
  }
  hour = 40;
  while (await read(3));
  expect(told.toSorted()).toEqual(written.map(({ id }) => id).toSorted());
  for (const { subject } of written) {
    const order = written.filter((one) => one.subject === subject).map(({ id }) => id);
    expect(told.filter((id) => order.includes(id))).toEqual(order);
  }
}

/** The cursor at the end of the log, as a reader who comes new has it. */
async function endOf(store: Store, at: Date): Promise<string> {
  let since = '0';
  for (;;) {
    const page = await readChanges(store, {
      since,
      limit: 1000,
      district: '',
      hidden: () => hiddenFrom(store, viewer, at),
    });
    since = page.next;
    if (!page.more) return since;
  }
}

async function caseOver(store: Store, patchId: string, district: string): Promise<string> {
  const id = `case-${patchId}`;
  const row = { id, district, title: '案', state: 'clue', version: 1, createdAt: '', updatedAt: '' };
  await store.db
    .insertInto('cases')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const link = { caseId: id, patchId, district };
  await store.db
    .insertInto('case_patches')
    .values(link)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return id;
}
