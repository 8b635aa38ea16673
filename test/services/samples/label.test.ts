import { expect, it } from 'vitest';
import { transition } from '../../../services/lifecycle/transition.ts';
import { labelOf } from '../../../services/samples/label.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const verified = 'warn acknowledge verify';
const reviewed = `${verified} judge submit approve approve approve`;

describeOnBothStores('A patch is labelled', (openFresh) => {
  it.each([
    ['nothing while nobody has concluded', `${verified} judge submit approve`, null],
    ['a change once review has confirmed it', reviewed, { label: 'change', reason: 'illegal-construction' }],
    ['a change still while it is put right', `${reviewed} rectify-before-filing`, { label: 'change' }],
    ['a change still while it is judged anew', `${reviewed} rejudge`, { label: 'change' }],
    ['no change where it was dismissed for the season', 'dismiss', { label: 'false-change', reason: 'season' }],
    ['no change where people on site saw none', `${verified} close-false-change`, { label: 'false-change' }],
    ['nothing after it was reinstated', 'dismiss reinstate', null],
  ])('%s', async (_, actions, wanted) => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await takeSteps(store, id, actions);
    const label = labelOf(await eventsOf(store.db, 'patch', id));
    if (wanted === null) expect(label).toBeNull();
    else expect(label).toMatchObject(wanted);
  });

  it.each(['duplicate', 'below-minimum-area', 'base-map-error'])('unclear where it was ended as %s', async (reason) => {
    const store = await openFresh();
    const id = await plantPatch(store);
    const at = new Date('2025-07-02T02:00:00Z');
    await transition(store, {
      subject: 'patch',
      id,
      action: 'dismiss',
      reason,
      actor: 'li',
      at,
      payload: { note: 'x' },
    });
    expect(labelOf(await eventsOf(store.db, 'patch', id))).toMatchObject({ label: 'unclear', reason, by: 'li' });
    await transition(store, { subject: 'patch', id, action: 'undo', actor: 'li', at });
    expect(labelOf(await eventsOf(store.db, 'patch', id))).toBeNull();
  });
});
