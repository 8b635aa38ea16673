import { expect, it } from 'vitest';
import { describeOnBothStores } from '../../support/stores.ts';

describeOnBothStores('openStore', (openFresh) => {
  it('gives an empty store', async () => {
    const { db } = await openFresh();
    expect(await db.selectFrom('patches').selectAll().execute()).toEqual([]);
  });
});
