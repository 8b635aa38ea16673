import { describe, expect, it } from 'vitest';
import { dutiesOf, holderOf, isOpenOn } from '../../../services/people/duties.ts';
import { type GridShare, gridOf, orderedGrids } from '../../../services/people/grid.ts';
import { dutyOf, personName } from '../../../services/people/person.ts';
import { responsibility } from '../../../services/people/responsible.ts';
import type { DutyEntry } from '../../../services/store/duties.ts';

function entry(id: string, given: Partial<DutyEntry> = {}): DutyEntry {
  const where = { duty: 'field-chief', grid: null, district: '430421', fromDay: '2025-01-01', toDay: null };
  const said = { phone: null, handOver: null, note: '', actor: 'li', at: '2025-01-01T00:00:00.000Z' };
  return { id, kind: 'begin', ofEntry: null, person: '张三', ...where, ...said, ...given };
}

const share = (code: string, level: GridShare['level'], part: number): GridShare => {
  return { code, name: code, level, chief: null, phone: null, district: null, share: part };
};

describe('the register', () => {
  it('adds up: an end ends, a later end holds, a voided entry counts no longer, and a voided voiding does', () => {
    const begun = entry('a');
    const end = (id: string, toDay: string) => entry(id, { kind: 'end', ofEntry: 'a', fromDay: null, toDay });
    const of = (id: string, ofEntry: string) => entry(id, { kind: 'void', ofEntry, fromDay: null });
    const last = (entries: DutyEntry[]) => dutiesOf(entries).map(({ toDay }) => toDay);
    expect(last([begun])).toEqual([null]);
    expect(last([begun, end('b', '2025-03-01'), end('c', '2025-02-01')])).toEqual(['2025-02-01']);
    expect(last([begun, end('b', '2025-03-01'), of('c', 'b')])).toEqual([null]);
    expect(last([begun, of('b', 'a')])).toEqual([]);
    expect(last([begun, of('b', 'a'), of('c', 'b')])).toEqual([null]);
  });

  it('has the holder of the narrowest ground on any day, grids before districts, the later of two', () => {
    const duties = dutiesOf([
      entry('a', { person: '县', district: '430421', toDay: '2025-06-30' }),
      entry('b', { person: '镇', district: '430421101' }),
      entry('c', { person: '格', grid: 'G1', fromDay: '2025-03-01', toDay: '2025-03-31' }),
      entry('d', { person: '新', district: '430421', fromDay: '2025-05-01' }),
      entry('e', { person: '员', duty: 'patroller', district: '' }),
    ]);
    const who = (day: string, district: string, grids: string[] = []) =>
      holderOf(duties, 'field-chief', { grids, district }, day)?.person ?? null;
    expect(who('2025-03-15', '430421101', ['G1'])).toBe('格');
    expect(who('2025-04-01', '430421101', ['G1'])).toBe('镇');
    expect(who('2025-04-01', '430421')).toBe('县');
    expect(who('2025-05-01', '430421')).toBe('新');
    expect(who('2024-12-31', '430421')).toBeNull();
    expect(who('2025-05-01', '500101')).toBeNull();
    expect(holderOf(duties, 'patroller', { grids: [], district: '500101' }, '2025-05-01')?.person).toBe('员');
  });

  it('knows what is over, and what is still to come', () => {
    expect(isOpenOn({ fromDay: '2025-01-01', toDay: '2025-03-01' }, '2025-03-01')).toBe(true);
    expect(isOpenOn({ fromDay: '2025-01-01', toDay: '2025-03-01' }, '2025-03-02')).toBe(false);
    expect(isOpenOn({ fromDay: '2025-05-01', toDay: null }, '2025-03-02')).toBe(true);
  });

  it('reads duties and names as people write them', () => {
    expect(['乡镇田长', '村级网格员', '承办人', 'field-chief', '书记'].map(dutyOf)).toEqual([
      ...['field-chief', 'patroller', 'handler', 'field-chief'],
      null,
    ]);
    expect(personName(' 张　三 ')).toBe('张 三');
    expect(() => personName(' ')).toThrow(/^A person's name is a text/);
  });
});

describe('the grid of a patch', () => {
  it.each<[string, GridShare[], string[]]>([
    ['is the larger of one level', [share('a', 'town', 0.3), share('b', 'town', 0.7)], ['b', 'a']],
    [
      'is the township’s where grids lie one in another',
      [share('v', 'village', 1), share('c', 'county', 1), share('t', 'town', 1)],
      ['t', 'c', 'v'],
    ],
    [
      'is the village’s where no township holds as much',
      [share('v', 'village', 0.6), share('t', 'town', 0.4)],
      ['v', 't'],
    ],
    ['is the county’s only where there is no other', [share('c', 'county', 1), share('v', 'village', 0.1)], ['v', 'c']],
    ['of two halves is the lower code’s', [share('b', 'town', 0.5 + 1e-9), share('a', 'town', 0.5)], ['a', 'b']],
    ['is none where there is none', [], []],
  ])('%s', (_, grids, wanted) => {
    expect(orderedGrids(grids).map(({ code }) => code)).toEqual(wanted);
  });

  it('is read from the names that its layer has', () => {
    const properties = { WGBM: '430421101201', 网格名称: '演陂村', 田长: '周某', 联系电话: 13800000000 };
    expect(gridOf({ externalId: '7', district: null, properties })).toEqual({
      ...{ code: '430421101201', name: '演陂村', level: 'village', chief: '周某' },
      ...{ phone: '13800000000', district: '430421' },
    });
    expect(gridOf({ externalId: '430421101', district: null, properties: {} }).level).toBe('town');
    expect(gridOf({ externalId: '1', district: null, properties: { level: '县级' } }).level).toBe('county');
  });

  it('names its chief where the register knows none, and a patch’s assignee goes before the register', () => {
    const grids = [{ ...share('t', 'town', 1), chief: '层长', phone: '1' }];
    const where = { district: '430421', day: '2025-06-05', assignee: null };
    expect(responsibility([], grids, where)).toMatchObject({
      ...{ fieldChief: { person: '层长', by: 'layer' }, patroller: null, handler: null },
    });
    const duties = dutiesOf([entry('a'), entry('b', { person: '办', duty: 'handler' })]);
    expect(responsibility(duties, grids, where)).toMatchObject({
      fieldChief: { person: '张三', by: 'register' },
      handler: { person: '办', by: 'register' },
    });
    expect(responsibility(duties, grids, { ...where, assignee: '李四' }).handler).toMatchObject({
      ...{ person: '李四', by: 'assigned' },
    });
  });
});
