import type { Grade } from '../../services/deadlines/grade.ts';
import type { DeadlineList } from '../../services/deadlines/list.ts';
import type { Recounted } from '../../services/deadlines/recount.ts';
import { stateOf } from '../../services/lifecycle/transitions.ts';
import { localDay } from '../../services/local-time.ts';
import { printTable } from './output.ts';

const gradeNames: Readonly<Record<Grade, string>> = {
  none: '未到期 none',
  'due-soon': '将到期 due-soon',
  overdue: '已超期 overdue',
  supervise: '应督办 supervise',
  interview: '应约谈 interview',
};

/** What is due, most urgent first, and the counts by district. */
export function printDeadlines({ at, calendar, rules, entries, districts }: DeadlineList): void {
  process.stdout.write(`时点 at ${at} · 日历 calendar ${calendar} · 规则 rules ${rules}\n\n`);
  if (entries.length === 0) process.stdout.write('没有符合条件的期限 nothing to list\n');
  else {
    printTable(
      ['等级 grade', '对象 subject', '区县 district', '状态 state', '期限 due', '起自 since', '说明 why'],
      entries.map(({ grade, subject, name, district, state, dueAt, since, because, extensionAsked }) => [
        gradeNames[grade],
        `${subject === 'patch' ? '图斑' : '案件'} ${name}`,
        district,
        stateOf(subject, state).label.zh,
        day(dueAt),
        day(since),
        `${because.zh}${extensionAsked ? '；已申请延期，待审批' : ''}`,
      ]),
    );
  }
  if (districts.length === 0) return;
  process.stdout.write('\n');
  printTable(
    ['区县 district', '未到期', '将到期', '已超期', '应督办', '应约谈', '中止', '合计 total'],
    districts.map(({ district, name, grades, paused }) => {
      const counts = [grades.none, grades['due-soon'], grades.overdue, grades.supervise, grades.interview, paused];
      return [`${district} ${name}`.trim(), ...counts.map(String), String(counts.reduce((a, b) => a + b, 0))];
    }),
  );
}

export function printMoves(moves: readonly Recounted[], unknown: number): void {
  if (moves.length === 0) process.stdout.write('没有期限变动 no due date would move\n');
  else {
    printTable(
      ['对象 subject', '区县 district', '状态 state', '现期限 from', '重算后 to', '原计节假日 known then'],
      moves.map(({ subject, name, district, state, from, to, wasKnown }) => [
        `${subject === 'patch' ? '图斑' : '案件'} ${name}`,
        district,
        stateOf(subject, state).label.zh,
        day(from),
        day(to),
        wasKnown ? '已知 yes' : '未知 no',
      ]),
    );
  }
  if (unknown > 0) {
    process.stdout.write(
      `另有 ${unknown} 个期限含节假日未公布的年份 ${unknown} due dates still rest on a year without its file\n`,
    );
  }
}

function day(at: string | null): string {
  return at === null ? '–' : localDay(at);
}
