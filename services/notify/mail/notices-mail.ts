import { GRADES } from '../../deadlines/grade.ts';
import type { DeadlineEntry } from '../../deadlines/list.ts';
import { localDay } from '../../local-time.ts';
import type { Mail } from './transport.ts';
import { dayOf, entryLine, GRADE_NAMES, lines, placeName } from './words.ts';

/** One mail about all that has become due soon, late or to be escalated since the one before; most urgent first. */
export function noticesMail(
  entries: readonly DeadlineEntry[],
  district: string,
  names: ReadonlyMap<string, string>,
  at: Date,
): Mail {
  const grades = GRADES.toReversed()
    .filter((grade) => grade !== 'none')
    .map((grade) => ({ title: GRADE_NAMES[grade], found: entries.filter((entry) => entry.grade === grade) }))
    .filter(({ found }) => found.length > 0);
  const place = placeName(district, names);
  const counts = grades.map(({ title, found }) => `${title} ${found.length} 项`).join('、');
  const parts = grades.flatMap(({ title, found }) => [
    '',
    `${title}（${found.length} 项）`,
    ...lines(found.map(entryLine)),
  ]);
  return {
    subject: `【图斑期限提醒】${place}：${counts}`,
    text: [`${place}期限提醒　${dayOf(localDay(at))}`, ...parts, ''].join('\n'),
  };
}
