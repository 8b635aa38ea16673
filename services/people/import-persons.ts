import { basename } from 'node:path';
import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { dayOf } from '../zones/layer-roles.ts';
import { addDuties, type Entering, type NewDuty } from './add-duty.ts';
import { columnOf, readCsv } from './csv-table.ts';
import { dutyOf } from './person.ts';

/** Columns by the names lists give them. */
const COLUMNS = {
  person: ['person', 'name', '姓名', '人员', '责任人'],
  duty: ['duty', '职责', '职务', '岗位', '角色'],
  grid: ['grid', '网格', '网格编码', '网格编号', '网格代码'],
  district: ['district', '区划', '区划代码', '行政区代码', 'XZQDM'],
  from: ['from', '起', '起始日期', '任职日期', '开始日期'],
  to: ['to', '止', '截止日期', '离任日期', '结束日期'],
  phone: ['phone', '电话', '联系电话', '手机'],
  note: ['note', '备注'],
} as const;

/**
 * Enters the duties of a list, all or none. Days are read as in layers (2025-03-01, 2025/3/1, 2025年3月1日).
 * @returns how many rows there were, and how many of them were new
 * @throws ServiceError bad-input naming file and row
 */
export async function importPersons(
  store: Store,
  path: string,
  entering: Entering,
): Promise<{ rows: number; added: number }> {
  const { rows } = await readCsv(path);
  const duties = rows.map((row, i): NewDuty => {
    const text = (name: keyof typeof COLUMNS) => columnOf(row, COLUMNS[name]);
    const refuse = (wanted: string, got: string): never => {
      throw new ServiceError('bad-input', `${basename(path)}, row ${i + 2}: wanted ${wanted}; got '${got}'.`);
    };
    const day = (name: 'from' | 'to') =>
      text(name) === '' ? undefined : (dayOf(text(name)) ?? refuse(`a day in ${COLUMNS[name][1]}`, text(name)));
    const duty = dutyOf(text('duty')) ?? refuse('a duty, one of 田长, 网格员, 承办人', text('duty'));
    if (text('person') === '') refuse('a name in 姓名', '');
    const where = text('grid') === '' ? { district: text('district') } : { grid: text('grid') };
    if (text('grid') === '' && text('district') === '') refuse('a grid or a district', '');
    return {
      ...{ person: text('person'), duty, ...where, from: day('from'), to: day('to') },
      ...{ phone: text('phone') || undefined, note: text('note') || undefined },
    };
  });
  return { rows: rows.length, added: await addDuties(store, duties, entering) };
}
