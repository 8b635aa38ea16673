import type { Grade } from '../../deadlines/grade.ts';
import type { DeadlineEntry } from '../../deadlines/list.ts';
import { stateOf } from '../../lifecycle/transitions.ts';

/** Lines of a list; the rest is counted. */
const MOST_LINES = 50;

export const GRADE_NAMES: Readonly<Record<Exclude<Grade, 'none'>, string>> = {
  'due-soon': '即将到期',
  overdue: '已超期',
  supervise: '应督办',
  interview: '应约谈',
};

export function dayOf(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

/** What a receiver's district is called: its name where there is one, and its code. */
export function placeName(district: string, names: ReadonlyMap<string, string>): string {
  if (district === '') return '全部地区';
  const name = names.get(district);
  return name === undefined ? `地区 ${district}` : `${name}（${district}）`;
}

/** A patch by its number; a case by its id, since its title may name people. */
export function entryLine({ subject, id, name, state, because }: DeadlineEntry): string {
  const what = subject === 'patch' ? `图斑 ${name}` : `案件 ${id}`;
  return `  ${what}　${stateOf(subject, state).label.zh}　${because.zh}`;
}

export function lines(all: readonly string[]): string[] {
  const left = all.length - MOST_LINES;
  return left > 0 ? [...all.slice(0, MOST_LINES), `  ……另有 ${left} 项`] : [...all];
}
