import { expect, it } from 'vitest';
import { rowStateOf } from '../../../services/batches/row-state.ts';
import type { BatchRow } from '../../../services/store/batch-files.ts';
import type { BatchLink } from '../../../services/store/batch-links.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { openStore } from '../../../services/store/open.ts';
import { findPatch } from '../../../services/store/patches.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';

const toClosed = 'warn acknowledge verify judge submit approve approve approve close';

it.each([
  ['a tenth more is the same ground', 1000, 900, { answered: true, outcome: 'resolved', remainingM2: 0 }],
  ['little ground more, however large its share', 300, 150, { answered: true, outcome: 'resolved', remainingM2: 0 }],
  ['ground that nobody judged is open', 2714, 104, { answered: false, outcome: 'open', remainingM2: 2610 }],
])('A row that grows over a closed patch: %s', async (_, areaM2, sharedM2, wanted) => {
  const store = await openStore({ sqlite: ':memory:' });
  try {
    const id = await plantPatch(store);
    await takeSteps(store, id, toClosed, { given: { judgement: 'lawful' } });
    const link = { kind: 'grows', sharedM2, patchId: id } as BatchLink;
    const patch = (await findPatch(store.db, id))!;
    const state = rowStateOf({ areaM2 } as BatchRow, link, patch, await eventsOf(store.db, 'patch', id));
    expect(state).toMatchObject(wanted);
    expect(state.note?.includes('尚未判定') ?? false).toBe(!wanted.answered);
  } finally {
    await store.close();
  }
});
