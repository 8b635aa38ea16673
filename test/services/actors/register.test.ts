import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditCodeFault, idNumberFault } from '../../../services/actors/codes.ts';
import { addActor, addAlias, linkPatch, mergeActors, unmergeActors } from '../../../services/actors/edit.ts';
import { coreName, editDistance, nameKey } from '../../../services/actors/name-key.ts';
import { type Register, registerOf } from '../../../services/actors/register.ts';
import { suggestMerges } from '../../../services/actors/suggest.ts';
import { standardParameters } from '../../../services/gauges/parameters.ts';
import { actorTotals } from '../../../services/gauges/threshold-radar.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { type ActorEntry, actorEntries } from '../../../services/store/actors.ts';
import { gaugeRows } from '../../../services/store/gauge-rows.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { dumpOf } from '../../support/store-dump.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const stating = { actor: 'wang', at: new Date('2025-07-02T01:00:00Z') };
const later = new Date('2025-07-03T01:00:00Z');
const because = { ...stating, reason: '营业执照一致' };

describe('codes', () => {
  it('of companies are those of GB 32100-2015: any one digit changed, or two neighbours swapped, is told', () => {
    // The standard's own example, and codes that large companies print on their papers.
    for (const code of ['91350100M000100Y43', '914403001922038216', '91330100799655058B'])
      expect(creditCodeFault(code), code).toBeNull();
    const digits = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    const code = '91350100M000100Y43';
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 17 }), fc.constantFrom(...digits), (at, digit) => {
        const changed = code.slice(0, at) + digit + code.slice(at + 1);
        expect(creditCodeFault(changed) === null).toBe(changed === code);
      }),
      { seed: 53, numRuns: 400 },
    );
    for (let at = 0; at < 17; at++) {
      const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2);
      if (swapped !== code) expect(creditCodeFault(swapped), swapped).not.toBeNull();
    }
    for (const wrong of ['', '91350100M000100Y4', '91350100MO00100Y43', '9135010OM000100Y43'])
      expect(creditCodeFault(wrong)).toMatch(/wanted|is no digit|district/);
  });

  it('of persons are those of GB 11643', () => {
    expect(idNumberFault('11010519491231002X')).toBeNull();
    expect(idNumberFault('440524188001010014')).toBeNull();
    for (const wrong of ['110105194912310021', '11010519491331002X', '1101051949123100', '11010519491231002Y'])
      expect(idNumberFault(wrong)).not.toBeNull();
  });
});

describe('names', () => {
  it('written otherwise have one key; legal form and brackets are no part of the core', () => {
    expect(nameKey('ＡＢ （衡阳） 公司')).toBe(nameKey('ab〔衡阳〕公司'));
    expect(coreName('衡阳市（蒸湘）建材有限责任公司')).toBe(coreName('衡阳市蒸湘建材有限公司'));
    expect(coreName('演陂村村民委员会')).toBe(coreName('演陂村村委会'));
    expect(coreName('公司')).toBe('公司');
  });

  it('have a distance that is one: none to itself, the same both ways, no way round is shorter', () => {
    const text = fc.string({ unit: fc.constantFrom('甲', '乙', '丙'), maxLength: 5 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
      { seed: 54, numRuns: 300 },
    );
    expect(editDistance('蒸湘建材', '蒸湘新建材')).toBe(1);
  });
});

const entry = (given: Partial<ActorEntry> & Pick<ActorEntry, 'kind' | 'actorId'>): ActorEntry => {
  const nothing = { otherId: null, name: null, actorKind: 'company', code: null, idHash: null, idLast4: null };
  return { id: '', ...nothing, district: null, reason: '', actor: 'wang', at: '2025', ...given };
};
const added = (id: string, name = id) => entry({ kind: 'add', actorId: id, name });
const groups = ({ identities }: Register) => identities.map(({ actors }) => actors.map(({ id }) => id).sort()).sort();

describe('merging', () => {
  it('makes one of many, whoever was merged into whom, and unmerging takes exactly that merge back', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const step = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).filter(([a, b]) => a !== b);
    const merge = ([actorId, otherId]: [string, string]) => entry({ kind: 'merge', actorId, otherId });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), step, (before, [one, other]) => {
        const entries = [...names.map((name) => added(name)), ...before.map(merge)];
        const register = registerOf(entries);
        expect(groups(register).flat().sort()).toEqual(names);
        for (const [a, b] of before) expect(register.ofActor(a)).toBe(register.ofActor(b));
        // It goes by the name of one of its own.
        for (const { id, actors } of register.identities) expect(actors.map((each) => each.id)).toContain(id);
        if (register.merges.some(({ from, into }) => [from, into].includes(one) && [from, into].includes(other)))
          return;
        const merged = [...entries, merge([one, other])];
        const after = registerOf(merged);
        expect(after.ofActor(one)).toBe(after.ofActor(other));
        expect(groups(after)).toHaveLength(
          groups(register).length - (register.ofActor(one) === register.ofActor(other) ? 0 : 1),
        );
        const back = registerOf([...merged, entry({ kind: 'unmerge', actorId: other, otherId: one })]);
        expect(back.identities).toEqual(register.identities);
        expect(back.merges).toEqual(register.merges);
      }),
      { seed: 55, numRuns: 500 },
    );
  });

  it('goes by the name that the others were merged into', () => {
    const merges = [
      entry({ kind: 'merge', actorId: 'a', otherId: 'b' }),
      entry({ kind: 'merge', actorId: 'c', otherId: 'a' }),
    ];
    const register = registerOf([added('a', '甲'), added('b', '乙'), added('c', '丙'), ...merges]);
    expect(register.identities).toMatchObject([{ id: 'b', name: '乙', names: ['乙', '甲', '丙'] }]);
    expect(register.named('丙')?.id).toBe('b');
  });

  it('is suggested of names that are the same but for form, or nearly; of persons only of the same name', () => {
    const person = (id: string, name: string) => entry({ kind: 'add', actorId: id, name, actorKind: 'person' });
    const { identities } = registerOf([
      ...[added('a', '衡阳市蒸湘建材有限公司'), added('b', '衡阳市(蒸湘)建材有限责任公司')],
      ...[added('c', '衡阳市蒸湘建村有限公司'), added('d', '长沙大地置业有限公司')],
      ...[person('e', '张三丰'), person('f', '张三封'), person('g', '李四'), person('h', '李 四')],
      entry({ kind: 'add', actorId: 'i', name: '同名公司', code: '1' }),
      entry({ kind: 'add', actorId: 'j', name: '同名公司', code: '2' }),
    ]);
    const found = suggestMerges(identities).map(({ one, other, because: why }) => [`${one.id}${other.id}`, why]);
    expect(found).toEqual([
      ['gh', 'same-name'],
      ['ab', 'same-core'],
      ['ac', 'alike'],
      ['bc', 'alike'],
    ]);
  });
});

describeOnBothStores('The register of actors', (openFresh) => {
  it('keeps of an ID number a hash and four characters, and knows the number again', async () => {
    const store = await openFresh();
    const id = '11010519491231002X';
    const one = await addActor(store, { name: '张三', kind: 'person', idNumber: id }, stating);
    expect(await addActor(store, { name: '张三', kind: 'person', idNumber: id.toLowerCase() }, stating)).toBe(one);
    expect(JSON.stringify(await dumpOf(store))).not.toContain('19491231');
    expect((await actorEntries(store.db))[0]).toMatchObject({
      idLast4: '002X',
      idHash: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const again = { name: '张三丰', kind: 'person', idNumber: id } as const;
    await expect(addActor(store, again, stating)).rejects.toThrow(/is in the register: 张三 .* ID number is that one/);
    await expect(addActor(store, { ...again, idNumber: '110105194912310021' }, stating)).rejects.toThrow(
      /^The ID number is none: its check digit is wrong\.$/,
    );
  });

  it('refuses codes that are none, a name twice unless of a namesake, and an alias that is another’s', async () => {
    const store = await openFresh();
    const one = await addActor(store, { name: '甲公司', kind: 'company', code: '91350100m000100y43' }, stating);
    const wrong = { name: '乙公司', kind: 'company', code: '91350100M000100Y44' } as const;
    await expect(addActor(store, wrong, stating)).rejects.toThrow(/check digit should be 3, it is 4/);
    await expect(addActor(store, { name: '甲 公司', kind: 'village' }, stating)).rejects.toThrow(/--namesake/);
    await expect(addActor(store, { ...wrong, code: '91350100M000100Y43' }, stating)).rejects.toThrow(/is that one’s/);
    const two = await addActor(store, { name: '甲公司', kind: 'village', namesake: true }, stating);
    expect(two).not.toBe(one);
    expect(registerOf(await actorEntries(store.db)).named('甲公司')).toBeNull();
    await addAlias(store, one, '甲建材', stating);
    await addAlias(store, one, '甲建材', stating);
    await expect(addAlias(store, two, '甲建材', stating)).rejects.toThrow(/merge the two where they are one/);
    expect(await actorEntries(store.db)).toHaveLength(3);
    await expect(mergeActors(store, one, 'nobody', because)).rejects.toThrow('There is no actor nobody.');
    await expect(mergeActors(store, one, one, because)).rejects.toThrow(/are one already/);
    await expect(mergeActors(store, one, two, stating)).rejects.toThrow(/needs a reason/);
    await expect(unmergeActors(store, one, two, because)).rejects.toThrow(/were not merged with each other/);
  });

  it('is what the radar counts over: merging lowers no total and moves none, and unmerged all is as it was', async () => {
    const store = await openFresh();
    const farmland = await plantZone(store, 'farmland', 'f', 'field');
    const plant = (areaM2: number) =>
      plantPatch(store, { areaM2, overlaps: [{ zoneId: farmland, layer: 'farmland', areaM2 }] });
    const ids = [await plant(1000), await plant(2000), await plant(4000), await plant(8000)];
    const company = await addActor(store, { name: '甲公司', kind: 'company', aliases: ['甲建材'] }, stating);
    const other = await addActor(store, { name: '乙公司', kind: 'company' }, stating);
    await linkPatch(store, ids[0], company, stating);
    await linkPatch(store, ids[1], other, stating);
    await linkPatch(store, ids[2], other, stating);
    const totals = async () => {
      const rows = await gaugeRows(store.db, { from: '2025-01', to: '2025-12', district: '', constructionTypes: [] });
      const all = actorTotals(rows, '2025-12', standardParameters);
      return Object.fromEntries(all.map(({ actor, otherFarmlandM2 }) => [actor ?? 'nobody', otherFarmlandM2.high]));
    };
    const sum = (all: Record<string, number>) => Object.values(all).reduce((total, each) => total + each, 0);
    const before = await totals();
    expect(before).toEqual({ 甲公司: 1000, 乙公司: 6000, nobody: 8000 });
    await mergeActors(store, company, other, because);
    expect(await totals()).toEqual({ 乙公司: 7000, nobody: 8000 });
    expect(sum(await totals())).toBe(sum(before));
    await unmergeActors(store, other, company, because);
    expect(await totals()).toEqual(before);
    // A name alone does as well, any that the actor has; it takes the place of a link.
    const judge = async (id: string, occupier: string) => {
      const { state } = await takeSteps(store, id, 'warn acknowledge verify');
      expect(state).toBe('verified');
      const payload = { judgement: 'illegal-construction', occupier };
      await transition(store, { subject: 'patch', id, action: 'judge', actor: 'li', payload, at: later });
    };
    await judge(ids[3], '甲 建材');
    expect(await named(store, ids[3])).toEqual(['甲公司', company]);
    await judge(ids[0], '丙');
    expect(await named(store, ids[0])).toEqual(['丙', null]);
  });

  it('has totals that are the sums of who was merged, through random merges and unmergings', async () => {
    const store = await openFresh();
    const farmland = await plantZone(store, 'farmland', 'f', 'field');
    const names = ['甲', '乙', '丙', '丁', '戊'];
    const actors: string[] = [];
    for (const name of names) actors.push(await addActor(store, { name, kind: 'company' }, stating));
    const own: Record<string, number> = {};
    for (const [i, areaM2] of [100, 200, 400, 800, 1600, 3200].entries()) {
      const id = await plantPatch(store, { areaM2, overlaps: [{ zoneId: farmland, layer: 'farmland', areaM2 }] });
      await linkPatch(store, id, actors[i % 5], stating);
      own[actors[i % 5]] = (own[actors[i % 5]] ?? 0) + areaM2;
    }
    const pair = fc.tuple(fc.nat(4), fc.nat(4)).filter(([a, b]) => a !== b);
    for (const [a, b] of fc.sample(pair, { seed: 56, numRuns: 25 })) {
      const register = registerOf(await actorEntries(store.db));
      const [one, other] = [actors[a], actors[b]];
      const held = register.merges.some(({ from, into }) => [from, into].includes(one) && [from, into].includes(other));
      if (held) await unmergeActors(store, one, other, because);
      else if (register.ofActor(one) !== register.ofActor(other)) await mergeActors(store, one, other, because);
      const rows = await gaugeRows(store.db, { from: '2025-01', to: '2025-12', district: '', constructionTypes: [] });
      const totals = actorTotals(rows, '2025-12', standardParameters);
      const { identities } = registerOf(await actorEntries(store.db));
      const wanted = identities.map(({ id, actors: of }) => [id, of.reduce((sum, each) => sum + own[each.id], 0)]);
      expect(Object.fromEntries(totals.map(({ actorId, otherFarmlandM2 }) => [actorId, otherFarmlandM2.high]))).toEqual(
        Object.fromEntries(wanted),
      );
    }
  });
});

async function named(store: Store, patchId: string): Promise<[string | null, string | null]> {
  const rows = await gaugeRows(store.db, { from: '2025-01', to: '2025-12', district: '', constructionTypes: [] });
  const { actor, actorId } = rows.find((row) => row.patchId === patchId)!;
  return [actor, actorId];
}
