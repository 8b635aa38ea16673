import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addGaugeInput } from '../../../services/store/gauge-inputs.ts';
import { finishRun } from '../../../services/store/runs.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { problemIn, startService, type TestService } from './service.ts';

/** In 430421: 10 亩 judged illegal, 30 亩 not judged; in 430422: 60 亩 judged illegal. All of one occupier. */
let service: TestService;
let [own, open, other] = ['', '', ''];
const mu = (count: number) => (count * 2000) / 3;

beforeEach(async () => {
  service = await startService({ simulated: false });
  const { store } = service;
  await plantZone(store, 'districts', '430421', '衡阳县');
  await plantZone(store, 'districts', '430422', '衡南县');
  const zoneId = await plantZone(store, 'farmland', 'F1', '水田');
  const taken = (district: string, areaMu: number) => {
    const overlaps = [{ zoneId, layer: 'farmland', areaM2: mu(areaMu) }];
    return plantPatch(store, { district, type: 'built', areaM2: mu(areaMu), overlaps });
  };
  own = await taken('430421', 10);
  open = await taken('430421', 30);
  other = await taken('430422', 60);
  for (const id of [own, other]) {
    await takeSteps(store, id, 'warn acknowledge verify judge', { given: { judgement: 'illegal-construction' } });
  }
  const entered = { year: '2025', source: '下达文件', enteredAt: '2025-01-01T00:00:00Z', unit: 'mu' };
  for (const district of ['4304', '430421', '430422']) {
    await addGaugeInput(store.db, { ...entered, district, name: 'farmlandFloor', value: 150 });
    await addGaugeInput(store.db, { ...entered, district, name: 'farmlandStock', value: 777 });
    await addGaugeInput(store.db, { ...entered, district, name: 'farmlandTaken', value: 999 });
  }
  await finishRun(store.db, 'run-2025-06', '{}', new Date('2025-07-01T00:00:00Z'));
});
afterEach(() => service.store.close());

const read = async (path: string, district = '') => {
  const headers = await service.bearer({ role: 'viewer', district });
  const answer = await service.ask(path, { headers });
  return { answer, text: await answer.clone().text(), body: answer.ok ? await answer.json() : null };
};

describe('GET /gauges', () => {
  it('adds up the year by district and in all', async () => {
    const { body } = await read('/gauges?year=2025');
    expect(body.farmland.total).toMatchObject({
      district: '',
      patches: { illegal: [own, other], open: [open], lawful: [] },
      grade: { low: 'over', high: 'over' },
    });
    expect(body.farmland.total.ratio.low).toBeCloseTo(0.7, 12);
    expect(body.farmland.districts.map(({ district }: { district: string }) => district)).toEqual(['430421', '430422']);
    expect(body).toMatchObject({ year: '2025', known: { from: '2025-06', to: '2025-06' } });
    expect(body.names).toEqual({ '430421': '衡阳县', '430422': '衡南县' });
    expect(body.floors.map(({ district }: { district: string }) => district)).toEqual(['4304', '430421', '430422']);
  });

  it('is of this year where none is said, and of one district where it is', async () => {
    expect((await read('/gauges')).body.year).toBe('2025');
    const { body } = await read('/gauges?district=430422');
    expect(body.farmland.total).toMatchObject({ district: '430422', patches: { illegal: [other], open: [] } });
  });

  it.each(['/gauges', '/gauges?district=43', '/gauges?district=430421'])(
    'asked with the key of a district says nothing that rests on another: %s',
    async (path) => {
      const { body, text } = await read(path, '430421');
      expect(body.district).toBe('430421');
      expect(body.farmland.total.ratio).toEqual({ low: expect.closeTo(0.25, 12), high: expect.closeTo(1, 12) });
      expect(body.farmland.total.takenM2).toBeCloseTo(mu(40), 6);
      expect(body.floors.map(({ district }: { district: string }) => district)).toEqual(['430421']);
      expect(body.differences).toMatchObject([{ what: 'headline takenM2 430421' }]);
      expect(text).not.toContain('430422');
      expect(text).not.toContain('衡南');
      // Nor does a figure change when another district's patches do.
      await plantPatch(service.store, { district: '430422', type: 'built', areaM2: mu(500) });
      await finishRun(service.store.db, 'run-2025-06', '{}', new Date('2025-07-01T00:00:00Z'));
      expect((await read(path, '430421')).text).toBe(text);
    },
  );

  it('of a district that the key does not see does not exist', async () => {
    for (const path of ['/gauges?district=430422', '/gauges/radar?district=430422']) {
      const { answer } = await read(path, '430421');
      expect(await problemIn(answer)).toMatchObject({ status: 404, detail: 'There is no district 430422.' });
    }
  });

  it.each([
    ['/gauges?year=25', "Query parameter 'year' must be a year YYYY; got '25'."],
    ['/gauges?district=衡阳', "Query parameter 'district' must be the first 2 to 12 digits of a district code; got"],
    ['/gauges/radar?to=2025', "Query parameter 'to' must be a month YYYY-MM; got '2025'."],
  ])('refuses %s', async (path, told) => {
    const { answer } = await read(encodeURI(path));
    expect(await problemIn(answer)).toMatchObject({ status: 400, detail: expect.stringContaining(told) });
  });

  it('wants a key', async () => {
    for (const path of ['/gauges', '/gauges/radar']) expect((await service.ask(path)).status).toBe(401);
  });
});

describe('GET /gauges/radar', () => {
  const levels = ({ entries }: { entries: { level: string; patches: { judged: string[]; open: string[] } }[] }) =>
    entries.map(({ level, patches }) => [level, ...patches.judged, ...patches.open]);

  it('names who is at a line in the twelve months, the gravest first', async () => {
    const { body } = await read('/gauges/radar?to=2025-06');
    expect(levels(body)).toEqual([
      ['review', other],
      ['review', own],
      ['possible', open],
    ]);
    expect(body.entries[0]).toMatchObject({ from: '2024-07', to: '2025-06', label: { zh: '移送审查' } });
    expect((await read('/gauges/radar')).body).toEqual(body);
    expect((await read('/gauges/radar?to=2025-05')).body.entries).toEqual([]);
  });

  it('counts for the key of a district what was taken in it alone', async () => {
    const { body, text } = await read('/gauges/radar', '430421');
    expect(levels(body)).toEqual([
      ['review', own],
      ['possible', open],
    ]);
    expect([body.district, text.includes('430422')]).toEqual(['430421', false]);
  });
});
