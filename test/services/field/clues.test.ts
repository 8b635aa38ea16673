import { expect, it } from 'vitest';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { addClue, type ClueReport } from '../../../services/field/clues/add-clue.ts';
import { areaOfText, circleAround } from '../../../services/field/clues/clue-place.ts';
import { firstFinders } from '../../../services/field/clues/first-finder.ts';
import { findDetection } from '../../../services/store/detections.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { listClues, sightings } from '../../../services/store/field-clues.ts';
import { latestOpinion } from '../../../services/store/opinions.ts';
import { findPatch } from '../../../services/store/patches.ts';
import { stoppingEvents } from '../../../services/store/stopping.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const now = new Date('2025-07-06T00:00:00Z');
const elsewhere: ClueReport = {
  ...({ source: 'public', who: '王某', text: '有人在基本农田挖塘', at: new Date('2025-07-05T01:00:00Z') } as const),
  ...({ geometry: circleAround([112.6, 26.95], 30), type: 'water', unchangedOn: null } as const),
};
/** Over the planted patch. */
const there: ClueReport = { ...elsewhere, source: 'patrol', geometry: circleAround([112.5006, 26.9003], 30) };

describeOnBothStores('clues', (openFresh) => {
  it('open a patch on the same lifecycle, with what is told and who told it', async () => {
    const store = await openFresh();
    const clue = await addClue(store, elsewhere, now);
    const patch = await findPatch(store.db, clue.patchId);
    expect(patch).toMatchObject({ month: '2025-07', state: 'found', type: 'water', placeId: clue.placeId });
    expect(patch!.areaM2).toBeCloseTo(geometryAreaM2(elsewhere.geometry), 3);
    const detection = await findDetection(store.db, patch!.detectionId);
    expect(detection).toMatchObject({ screening: 'clue', afterDate: '2025-07-05', beforeDate: '1900-01-01' });
    const [found] = await eventsOf(store.db, 'patch', clue.patchId);
    expect(JSON.parse(found.payloadJson).foundBy).toEqual({ source: 'public', clueId: clue.id, who: '王某' });
    expect(await latestOpinion(store.db, clue.patchId)).not.toBeNull();
    await takeSteps(store, clue.patchId, 'warn acknowledge');
  });

  it('reported again are the same clue; of an open patch they join it, and open none', async () => {
    const store = await openFresh();
    const patch = await plantPatch(store);
    const clue = await addClue(store, there, now);
    expect(clue).toMatchObject({ patchId: patch, opened: 0 });
    expect(await addClue(store, there, new Date('2025-07-09T00:00:00Z'))).toEqual(clue);
    expect(await listClues(store.db)).toHaveLength(1);
    const [one, two] = [await addClue(store, elsewhere, now), await addClue(store, { ...elsewhere, who: '赵' }, now)];
    expect([one.opened, two.opened]).toEqual([1, 0]);
    expect(two.patchId).toBe(one.patchId);
  });

  it('of a place that was dealt with open a new patch at the same place', async () => {
    const store = await openFresh();
    const patch = await plantPatch(store);
    await takeSteps(store, patch, 'dismiss');
    const clue = await addClue(store, there, now);
    expect(clue.opened).toBe(1);
    expect(clue.patchId).not.toBe(patch);
    expect(clue.placeId).toBe((await findPatch(store.db, patch))!.placeId);
  });

  it('are in the first-finder ledger beside the satellite', async () => {
    const store = await openFresh();
    const seen = await plantPatch(store, { foundAt: new Date('2025-07-01T02:00:00Z') });
    const late = await addClue(store, there, now);
    const first = await addClue(store, elsewhere, now);
    const ledger = firstFinders(await sightings(store.db), await listClues(store.db), await stoppingEvents(store.db));
    const of = (placeId: string) => ledger.find((row) => row.placeId === placeId);
    expect(late.patchId).toBe(seen);
    // Unchanged on 20 May, changed on 18 June, found on 1 July.
    expect(of(late.placeId)).toMatchObject({ foundBy: 'satellite', daysAtLeast: 13, daysAtMost: 42 });
    expect(of(late.placeId)!.byAll).toMatchObject({ patrol: now.toISOString() });
    expect(of(first.placeId)).toMatchObject({ foundBy: 'public', daysAtLeast: 1, daysAtMost: null });
  });

  it.each<[string, Partial<ClueReport>]>([
    ['nobody', { who: ' ' }],
    ['no text', { text: '' }],
    ['the future', { at: new Date('2025-07-07T00:00:00Z') }],
    ['a kind nobody knows', { type: 'castle' as never }],
    ['half a county', { geometry: circleAround([112.6, 26.95], 9000) }],
  ])('from %s are refused, and nothing is written', async (_, given) => {
    const store = await openFresh();
    await expect(addClue(store, { ...elsewhere, ...given }, now)).rejects.toThrow(/^A clue/);
    expect(await listClues(store.db)).toEqual([]);
    expect(await store.db.selectFrom('runs').select('id').execute()).toEqual([]);
  });
});

it('the place of a clue is a circle, or the one polygon of a file', () => {
  expect(geometryAreaM2(circleAround([112.6, 26.95], 30)) / (Math.PI * 900)).toBeCloseTo(1, 2);
  const polygon = circleAround([112.6, 26.95], 30);
  const feature = { type: 'Feature', properties: {}, geometry: polygon };
  for (const document of [polygon, feature, { type: 'FeatureCollection', features: [feature] }]) {
    expect(geometryAreaM2(areaOfText(JSON.stringify(document), 'a.json'))).toBeCloseTo(geometryAreaM2(polygon), 3);
  }
  for (const text of [
    '{',
    '{"type":"Point","coordinates":[1,2]}',
    '{"type":"Polygon","coordinates":[[[1,1],[2,2],[1,1],[1,1]]]}',
  ]) {
    expect(() => areaOfText(text, 'a.json')).toThrow(/^a\.json: /);
  }
});
