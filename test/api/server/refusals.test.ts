import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../services/error.ts';
import { greyChips, plantQueue, problemIn, startService, type TestService } from './service.ts';

describe('a bad request', () => {
  let service: TestService;
  let id: string;
  beforeAll(async () => {
    service = await startService();
    [id] = await plantQueue(service.store);
  });
  afterAll(() => service.store.close());

  it.each([
    ['/patches?month=2025-13', 'month', 'a month YYYY-MM', "'2025-13'"],
    ['/patches?month=June', 'month', 'a month YYYY-MM', "'June'"],
    ['/patches?month=2025-05&month=2025-06', 'month', 'a month YYYY-MM', '["2025-05","2025-06"]'],
    ['/patches?bbox=1,2,3', 'bbox', 'longitude first', "'1,2,3'"],
    ['/patches?bbox=a,b,c,d', 'bbox', 'longitude first', "'a,b,c,d'"],
    ['/patches?bbox=26.8,112.5,26.9,112.6', 'bbox', 'longitude first', "'26.8,112.5,26.9,112.6'"],
    ['/patches?bbox=112.7,26,112.5,27', 'bbox', 'each minimum below its maximum', "'112.7,26,112.5,27'"],
    ['/patches?state=lost', 'state', 'one or more of found, dismissed', "'lost'"],
    ['/patches?stage=found', 'stage', 'find, warn or resolve', "'found'"],
    ['/patches?district=衡阳', 'district', 'digits of a district code', "'衡阳'"],
    ['/patches?minArea=-1', 'minArea', '0 or more', "'-1'"],
    ['/patches?overdue=yes', 'overdue', 'true or false', "'yes'"],
    ['/patches?limit=0', 'limit', 'from 1 to 1000', "'0'"],
    ['/patches?limit=1001', 'limit', 'from 1 to 1000', "'1001'"],
    ['/patches?cursor=%27', 'cursor', 'next', "'''"],
    ['/patches?months=2025-06', 'months', 'one that is known here', "'months'"],
    ['/runs?state=done', 'state', 'one that is known here', "'state'"],
    ['/months/2025-6', 'month', 'a month YYYY-MM', "'2025-6'"],
    ['/collections/patches/items?datetime=yesterday', 'datetime', 'an interval start/end', "'yesterday'"],
    ['/collections/patches/items?datetime=2025-02-30', 'datetime', 'a date', "'2025-02-30'"],
    ['/collections/patches/items?datetime=2025-06-02/2025-06-01', 'datetime', 'a date', "'2025-06-02/2025-06-01'"],
    ['/collections/patches/items?f=gml', 'f', 'json', "'gml'"],
    ['/zones?layer=farmland', 'bbox', 'a box of at most 0.5° a side', 'nothing'],
    ['/zones?bbox=112,26,112.1,26.1', 'layer', 'a name', 'nothing'],
    ['/zones?layer=farmland&bbox=112,26,114,27', 'bbox', 'a box of at most 0.5° a side', '112,26,114,27'],
  ])('%s names the field, what was wanted and what was got', async (path, field, wanted, got) => {
    const problem = await problemIn(await service.ask(path));
    expect(problem).toMatchObject({ status: 400, code: 'bad-request', instance: path.split('?')[0] });
    expect(problem.errors?.[0]).toMatchObject({ field, got });
    expect(problem.errors?.[0].wanted).toContain(wanted);
    expect(problem.detail).toMatch(/^[^\n]+ must be [^\n]+; got [^\n]+\.$/);
  });

  it.each([
    [`/patches/nobody`, 'There is no patch nobody.'],
    [`/patches/nobody/before.png`, 'There is no patch nobody.'],
    [`/collections/patches/items/nobody`, 'There is no patch nobody.'],
    [`/runs/nothing`, 'There is no run nothing.'],
  ])('%s is 404 not-found', async (path, detail) => {
    expect(await problemIn(await service.ask(path))).toMatchObject({ status: 404, code: 'not-found', detail });
  });

  it('is refused with the size of a picture out of bounds', async () => {
    for (const size of ['63', '1025', 'big']) {
      const problem = await problemIn(await service.ask(`/patches/${id}/after.png?size=${size}`));
      expect(problem.errors?.[0]).toMatchObject({ field: 'size', wanted: 'a whole number from 64 to 1024' });
    }
  });

  it('at an address that does not exist is 404', async () => {
    for (const path of [
      '/nothing',
      '/console/nothing.ts',
      '/console/..%2f..%2fpackage.json',
      '/collections/patches/nothing',
    ]) {
      expect(await problemIn(await service.ask(path))).toMatchObject({ status: 404, code: 'unknown-address' });
    }
  });

  it('with a method that the address does not take is 405 and told which it takes', async () => {
    const headers = await service.bearer();
    const response = await service.ask(`/patches/${id}`, { method: 'DELETE', headers });
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    const problem = await problemIn(response);
    expect(problem).toMatchObject({ status: 405, detail: `/patches/${id} takes GET, HEAD; got DELETE.` });
  });
});

describe('a failure that is ours', () => {
  it('is 500 without the inner message', async () => {
    const chips = { ...greyChips, picture: () => Promise.reject(new Error('/secret/path exploded')) };
    const service = await startService({ chips });
    const [id] = await plantQueue(service.store);
    const problem = await problemIn(await service.ask(`/patches/${id}/before.png`));
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('secret');
    await service.store.close();
  });

  it('of the store is 503 and says when to ask again', async () => {
    const busy = () => Promise.reject(new ServiceError('busy', 'The run is going on.'));
    const service = await startService({ chips: { ...greyChips, frame: busy } });
    const [id] = await plantQueue(service.store);
    const response = await service.ask(`/patches/${id}/chip.json`);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await problemIn(response)).toMatchObject({ status: 503, code: 'busy' });
    await service.store.close();
  });
});
