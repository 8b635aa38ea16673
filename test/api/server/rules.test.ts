import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import { addRuleSet } from '../../../services/legality/known-rule-sets.ts';
import { insertLayer } from '../../../services/store/layers.ts';
import { document, INSIDE, part, patchFacts } from '../../support/legal-facts.ts';
import { plantJudged, plantOpinion } from '../../support/opinions.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { layerRow } from '../../support/rows.ts';
import { now, problemIn, startService, type TestService } from './service.ts';

const [{ ruleSet: national }] = BUILT_IN;
const time = { ...national.time, validAtLaterImageSuffices: true };
const hunan = { ...national, id: 'hunan', province: '43', version: '1.0', title: { zh: '湖南', en: 'Hunan' }, time };

let service: TestService;
beforeEach(async () => {
  service = await startService({ simulated: false });
});
afterEach(() => service.store.close());

const get = async (path: string, district = '') =>
  service.ask(path, { headers: await service.bearer({ role: 'viewer', district }) });
const read = async (path: string, district = '') => (await get(path, district)).json();
const addHunan = () => addRuleSet(service.store, { ruleSet: hunan, text: JSON.stringify(hunan) }, now);

describe('GET /rules', () => {
  it('lists the built-in rule sets and those added here', async () => {
    await addHunan();
    const { ruleSets } = await read('/rules');
    expect(ruleSets).toMatchObject([
      { name: 'cn-2024@1.0', province: '', effectiveFrom: national.effectiveFrom, addedAt: null },
      { name: 'hunan@1.0', province: '43', title: { zh: '湖南' }, addedAt: now.toISOString() },
    ]);
    expect(ruleSets[0].checks).toEqual(national.checks.map(({ id, title }) => ({ id, title })));
    expect(ruleSets[0]).not.toHaveProperty('ruleSet');
  });

  it('gives one of them whole, to any reader', async () => {
    await addHunan();
    expect((await read('/rules/hunan@1.0', '430421')).ruleSet).toEqual(hunan);
    expect((await read('/rules/cn-2024%401.0')).ruleSet).toEqual(national);
  });

  it('knows no others, and no other names', async () => {
    const unknown = await problemIn(await get('/rules/hunan@1.0'));
    expect(unknown).toMatchObject({ status: 404, detail: 'There is no rule set hunan@1.0.' });
    const misnamed = await problemIn(await get('/rules/cn-2024'));
    expect(misnamed).toMatchObject({ status: 400, detail: expect.stringContaining('such as cn-2024@1.0') });
  });
});

describe('GET /patches/{id}/opinions', () => {
  const facts = patchFacts({
    atoms: [part(1200, { instruments: ['宅1'] })],
    instruments: [document('宅1', 'homestead', { date: INSIDE })],
  });

  it('gives every opinion there was, newest first, each explained by its own rules', async () => {
    await addHunan();
    const { id, number } = await plantJudged(service.store, facts);
    await plantOpinion(service.store, id, facts, hunan);
    const body = await read(`/patches/${number}/opinions`);
    expect(body).toMatchObject({ patch: id, number });
    expect(body.opinions).toMatchObject([
      { opinion: 'lawful', kind: null, ruleSet: 'hunan@1.0', verdict: { zh: '合法' } },
      { opinion: 'in-doubt', kind: 'dated-inside-onset', ruleSet: 'cn-2024@1.0', missing: [{ decides: true }] },
    ]);
    for (const { explanation, ruleSet } of body.opinions) {
      expect(explanation.zh[0]).toContain(number);
      expect(explanation.en[1]).toContain(ruleSet);
      expect(explanation.zh).toContain('检查过程');
    }
    expect(await read(`/patches/${id}/opinions`)).toEqual(body);
    // The patch itself is told the newest, by rules added here too.
    expect((await read(`/patches/${id}`)).opinion).toEqual(body.opinions[0]);
  });

  it('has no words of rules that are not known here, but the verdict', async () => {
    const { id } = await plantJudged(service.store, facts, { ruleSet: hunan });
    const { opinions } = await read(`/patches/${id}/opinions`);
    expect(opinions).toMatchObject([{ ruleSet: 'hunan@1.0', opinion: 'lawful', explanation: null }]);
  });

  it('is empty where none was formed', async () => {
    const id = await plantPatch(service.store);
    expect((await read(`/patches/${id}/opinions`)).opinions).toEqual([]);
  });

  it('ends at the district of the key', async () => {
    const { id, number } = await plantJudged(service.store, facts);
    expect((await read(`/patches/${id}/opinions`, '430421')).opinions).toHaveLength(1);
    for (const name of [id, number, 'nobody']) {
      const problem = await problemIn(await get(`/patches/${name}/opinions`, '430422'));
      expect(problem).toMatchObject({ status: 404, detail: `There is no patch ${name}.` });
    }
  });
});

describe('GET /themes', () => {
  interface Listed {
    id: string;
    watched: boolean;
    missing: string[][];
    because: { zh: string }[];
  }
  const themes = async (district = ''): Promise<Listed[]> => (await read('/themes', district)).themes;
  const watched = async (district = '') =>
    (await themes(district)).filter((theme) => theme.watched).map(({ id }) => id);

  it('lists the twelve with their definitions, those watched here and what the others lack', async () => {
    await plantZone(service.store, 'farmland', 'F1', '水田');
    const { edition, themes: listed } = await read('/themes');
    expect([edition, listed.length]).toEqual(['themes-1', 12]);
    expect(await watched()).toEqual(['illegal-land-use', 'farmland-quantity', 'farmland-use']);
    expect(listed.find(({ id }: Listed) => id === 'red-line')).toMatchObject({
      title: { zh: '生态保护红线' },
      watched: false,
      missing: [['red-line']],
      because: [{ zh: '未导入图层：生态保护红线，本专题不能监测' }],
      severity: { bands: expect.any(Array) },
    });
  });

  it('goes for a key by the layers that speak for ground in its district', async () => {
    const { seq: _, ...version } = layerRow({ id: 'r', name: 'red-line', scope: '430421', validFrom: '2025-01-01' });
    await insertLayer(service.store.db, version);
    expect((await watched('430421')).includes('red-line')).toBe(true);
    expect((await watched('430422')).includes('red-line')).toBe(false);
  });
});

describe('the description of the API', () => {
  it.each(['/openapi.json', '/openapi-3.0.json'])(
    '%s holds the rules, themes, gauges and layers with their bodies',
    async (path) => {
      const { paths, components } = await read(path);
      const bodyOf = (address: string) => paths[address].get.responses['200'].content['application/json'].schema;
      for (const address of [
        '/rules',
        '/rules/{name}',
        '/patches/{id}/opinions',
        '/themes',
        '/gauges',
        '/gauges/radar',
      ])
        expect(bodyOf(address)).toHaveProperty('$ref');
      expect(bodyOf('/layers/{id}/notes')).toHaveProperty('$ref');
      const whole = JSON.stringify(components.schemas['RuleSetDetail']);
      for (const part of ['coverage', 'leastShare', 'cures', 'expiry']) expect(whole).toContain(part);
      expect(Object.keys(components.schemas)).toEqual(
        expect.arrayContaining(['RuleSets', 'Opinions', 'Themes', 'Gauges', 'FarmlandGauge', 'FloorGauge', 'Radar']),
      );
    },
  );
});
