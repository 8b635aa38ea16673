import type { DeadlineEntry } from '../../deadlines/list.ts';
import { stateOf } from '../../lifecycle/transitions.ts';
import { MU_PER_M2 } from '../../queue/detail.ts';
import type { NewPatch, StateCount } from '../../store/notify-figures.ts';
import type { Mail } from './transport.ts';
import { dayOf, entryLine, lines, placeName } from './words.ts';

export interface DigestFigures {
  cadence: 'daily' | 'weekly';
  /** Local day of the digest. */
  day: string;
  /** Code prefix of the receiver; '' = all. */
  district: string;
  names: ReadonlyMap<string, string>;
  counts: readonly StateCount[];
  /** Not late, and due by the end of the week. */
  dueThisWeek: readonly DeadlineEntry[];
  overdue: readonly DeadlineEntry[];
  fresh: readonly NewPatch[];
}

/** The figures of a district as one mail; pure. */
export function digestMail(figures: DigestFigures): Mail {
  const { cadence, day, district, names, counts, dueThisWeek, overdue, fresh } = figures;
  const title = cadence === 'daily' ? '图斑日报' : '图斑周报';
  const place = placeName(district, names);
  const open = counts.filter(({ state }) => stateOf('patch', state).outcome === 'open');
  const sum = (rows: readonly StateCount[]) => rows.reduce((total, { count }) => total + count, 0);
  const parts = [
    `${place}${title}　${dayOf(day)}`,
    '',
    `一、在办图斑 ${sum(open)} 个，累计 ${sum(counts)} 个`,
    ...districtLines(counts, names),
    '',
    `二、本周到期 ${dueThisWeek.length} 项`,
    ...lines(dueThisWeek.map(entryLine)),
    '',
    `三、已超期 ${overdue.length} 项`,
    ...lines(overdue.map(entryLine)),
    '',
    `四、上期以来新增图斑 ${fresh.length} 个`,
    ...lines(fresh.map((patch) => `  ${patch.number}　${patch.type}　${mu(patch.areaM2)} 亩`)),
    '',
  ];
  const short = `在办 ${sum(open)}、本周到期 ${dueThisWeek.length}、超期 ${overdue.length}、新增 ${fresh.length}`;
  return { subject: `【${title}】${place} ${day}：${short}`, text: parts.join('\n') };
}

function districtLines(counts: readonly StateCount[], names: ReadonlyMap<string, string>): string[] {
  const byDistrict = Map.groupBy(counts, ({ district }) => district);
  return lines(
    [...byDistrict].map(([district, rows]) => {
      const states = rows.map(({ state, count }) => `${stateOf('patch', state).label.zh} ${count}`);
      return `  ${placeName(district, names)}：${states.join('、')}`;
    }),
  );
}

function mu(areaM2: number): string {
  return (areaM2 * MU_PER_M2).toFixed(2);
}
