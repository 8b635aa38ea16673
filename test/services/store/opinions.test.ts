import { expect, it } from 'vitest';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import { addRuleSet, knownRuleSets, ruleSetFor, ruleSetNamed } from '../../../services/legality/known-rule-sets.ts';
import { parseRuleSet } from '../../../services/legality/read-rule-set.ts';
import { nameOf, type RuleSet } from '../../../services/legality/rule-set.ts';
import { backtestStored, judgeStored } from '../../../services/legality/stored-opinions.ts';
import { insertOpinions, latestOpinion, latestOpinions, opinionsOf } from '../../../services/store/opinions.ts';
import { AFTER, document, patchFacts } from '../../support/legal-facts.ts';
import { plantJudged, plantOpinion } from '../../support/opinions.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const [{ ruleSet: national }] = BUILT_IN;
const NOW = new Date('2025-07-01T02:00:00Z');
const written = (given: Partial<RuleSet>) => {
  const text = JSON.stringify({ ...national, ...given });
  return { ruleSet: parseRuleSet(text, 'f'), text };
};
const hunan = { id: 'hunan', version: '1.0', province: '43' };

describeOnBothStores('Rule sets', (openFresh) => {
  it('are known built in, and added by file once', async () => {
    const store = await openFresh();
    expect((await knownRuleSets(store)).map(({ ruleSet, addedAt }) => [nameOf(ruleSet), addedAt])).toEqual([
      ['cn-2024@1.0', null],
    ]);
    expect(await addRuleSet(store, written(hunan), NOW)).toEqual({ isNew: true });
    expect(await addRuleSet(store, written(hunan), NOW)).toEqual({ isNew: false });
    expect((await ruleSetFor(store, '2025-06-18', '430421')).id).toBe('hunan');
    expect((await ruleSetFor(store, '2025-06-18', '330421')).id).toBe('cn-2024');
    expect((await ruleSetNamed(store, 'hunan@1.0')).province).toBe('43');
  });

  it('of one id and version never change', async () => {
    const store = await openFresh();
    await addRuleSet(store, written(hunan), NOW);
    const message =
      /^hunan@1\.0 is known with other rules \(sha256 [0-9a-f]{12}…\): wanted a new version, got 1\.0 again\.$/;
    const other = written({ ...hunan, leastTypeConfidence: 0.6 });
    await expect(addRuleSet(store, other, NOW)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(message),
    });
    await expect(addRuleSet(store, written({ leastTypeConfidence: 0.6 }), NOW)).rejects.toThrow(
      /^cn-2024@1\.0 is known/,
    );
    await expect(store.db.updateTable('rule_sets').set({ json: '{}' }).execute()).rejects.toThrow(/append-only/);
  });

  it('that are not in effect or not known are named', async () => {
    const store = await openFresh();
    await expect(ruleSetFor(store, '2019-01-01', '430421')).rejects.toMatchObject({
      code: 'not-found',
      message: 'No rule set is in effect on 2019-01-01 in 430421; known are cn-2024@1.0 (from 2020-01-01).',
    });
    await expect(ruleSetNamed(store, 'x@1')).rejects.toThrow('There is no rule set x@1: wanted one of cn-2024@1.0.');
  });
});

describeOnBothStores('Opinions', (openFresh) => {
  it('are never changed or deleted: a later one is put beside, and counts', async () => {
    const store = await openFresh();
    const { id } = await plantJudged(store, patchFacts());
    const late = document('宅1', 'homestead', { date: AFTER });
    await plantOpinion(store, id, patchFacts({ instruments: [late] }));
    await plantOpinion(store, id, patchFacts());
    const rows = await opinionsOf(store.db, id);
    expect(rows.map(({ kind }) => kind)).toEqual(Array(3).fill('used-before-approval'));
    expect(new Set(rows.map((row) => row.id)).size).toBe(3);
    expect((await latestOpinion(store.db, id))?.seq).toBe(rows[2].seq);
    await expect(store.db.deleteFrom('opinions').execute()).rejects.toThrow(/append-only/);
    const { seq: _, ...again } = rows[2];
    await expect(insertOpinions(store.db, [again])).rejects.toThrow(/unique/i);
    expect(await latestOpinion(store.db, 'none')).toBeNull();
  });

  it('that count are read by month and district, in order of number', async () => {
    const store = await openFresh();
    const facts = patchFacts();
    const june = await plantJudged(store, facts);
    await plantOpinion(store, june.id, facts);
    const other = await plantJudged(store, facts, { patch: { district: '430422' } });
    const may = await plantJudged(store, facts, { patch: { month: '2025-05' } });
    await plantPatch(store);
    const numbers = async (filter: object) => {
      const found: string[] = [];
      for await (const { number } of latestOpinions(store.db, filter)) found.push(number);
      return found;
    };
    expect(await numbers({})).toEqual([may.number, june.number, other.number]);
    expect(await numbers({ month: '2025-06' })).toEqual([june.number, other.number]);
    expect(await numbers({ month: '2025-06', district: '430421' })).toEqual([june.number]);
  });

  it('are worked out again from what was stored, by their own rules or others', async () => {
    const store = await openFresh();
    const { number } = await plantJudged(store, patchFacts({ patch: { type: 'water' } }));
    expect(await judgeStored(store, number)).toMatchObject({
      number,
      reproduced: true,
      opinion: { opinion: 'other', kind: 'non-grain-to-rectify' },
      stored: { ruleSet: 'cn-2024@1.0', opinion: 'other' },
    });
    const strict = written({
      version: '1.1',
      nonGrain: { ...national.nonGrain, ordinaryFarmland: 'suspected-illegal' },
    });
    expect((await judgeStored(store, number, strict.ruleSet)).opinion.kind).toBe('non-grain');
    expect(await backtestStored(store, national, strict.ruleSet, {})).toMatchObject({
      patches: 1,
      changed: 1,
      moves: [{ from: 'other:non-grain-to-rectify', to: 'suspected-illegal:non-grain', examples: [number] }],
      verified: { reproduced: 1, differing: [], unknownRuleSets: [] },
    });
  });

  it('that their rules do not give, or whose rules are not known, are found out', async () => {
    const store = await openFresh();
    const forged = await plantJudged(store, patchFacts());
    const [{ seq: _, ...row }] = await opinionsOf(store.db, forged.id);
    const lawful = JSON.stringify({ ...JSON.parse(row.opinionJson), opinion: 'lawful' });
    await insertOpinions(store.db, [{ ...row, id: 'forged', opinion: 'lawful', opinionJson: lawful }]);
    const foreign = await plantJudged(store, patchFacts(), { ruleSet: written({ id: 'elsewhere' }).ruleSet });
    expect((await judgeStored(store, forged.id)).reproduced).toBe(false);
    expect((await backtestStored(store, national, national, {})).verified).toEqual({
      reproduced: 0,
      differing: [forged.number],
      unknownRuleSets: ['elsewhere@1.0'],
    });
    await expect(judgeStored(store, foreign.number)).rejects.toThrow(
      `The opinion of patch ${foreign.number} cites elsewhere@1.0, which is not known here.`,
    );
    const bare = await plantPatch(store);
    await expect(judgeStored(store, bare)).rejects.toThrow(/no opinion has been formed/);
    await expect(judgeStored(store, 'nothing')).rejects.toThrow('There is no patch nothing.');
  });
});
