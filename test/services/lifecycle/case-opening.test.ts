import { expect, it } from 'vitest';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { casesOfPatch } from '../../../services/store/cases.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const opening = { title: 'Quarry road', district: '430421', actor: 'li', at: new Date('2025-07-02T01:00:00Z') };

describeOnBothStores('openCase', (openFresh) => {
  it('covers several patches, and a patch may lie in several cases', async () => {
    const store = await openFresh();
    const [first, second] = [await plantPatch(store), await plantPatch(store)];
    const both = await openCase(store, { ...opening, patchIds: [second, first, second] });
    const one = await openCase(store, { ...opening, title: 'Fish pond', patchIds: [first] });
    const titles = async (id: string) => (await casesOfPatch(store.db, id)).map(({ title }) => title).sort();
    expect(await titles(first)).toEqual(['Fish pond', 'Quarry road']);
    expect(await titles(second)).toEqual(['Quarry road']);
    expect([both, one]).toMatchObject([
      { state: 'clue', version: 1 },
      { state: 'clue', version: 1 },
    ]);
    const [event] = await eventsOf(store.db, 'case', both.id);
    expect(event).toMatchObject({ action: 'open', fromState: null, toState: 'clue', actor: 'li', district: '430421' });
    expect(JSON.parse(event.payloadJson)).toMatchObject({ title: 'Quarry road', patchIds: [first, second] });
  });

  it('done twice is done once', async () => {
    const store = await openFresh();
    const patchIds = [await plantPatch(store)];
    const [first, again] = await Promise.all([1, 2].map(() => openCase(store, { ...opening, patchIds })));
    expect(again).toEqual(first);
    expect(await eventsOf(store.db, 'case', first.id)).toHaveLength(1);
  });

  it('leaves nothing behind where a patch does not exist', async () => {
    const store = await openFresh();
    const patchIds = [await plantPatch(store), 'patch-x'];
    await expect(openCase(store, { ...opening, patchIds })).rejects.toMatchObject({
      code: 'bad-input',
      message: 'A case covers patches that exist; there is no patch patch-x.',
    });
    expect(await casesOfPatch(store.db, patchIds[0])).toEqual([]);
  });

  it.each([
    [{ title: ' ' }, 'A case needs a title; got nothing.'],
    [{ district: 'Hengyang' }, "A case's district is a code of 2 to 12 digits; got 'Hengyang'."],
  ])('refuses %o', async (wrong, message) => {
    const store = await openFresh();
    await expect(openCase(store, { ...opening, patchIds: [], ...wrong })).rejects.toMatchObject({
      code: 'bad-input',
      message,
    });
  });
});
