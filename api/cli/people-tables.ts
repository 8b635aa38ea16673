import { localTime } from '../../services/local-time.ts';
import type { CauseTally, ProposedCause } from '../../services/people/causes.ts';
import type { Duty } from '../../services/people/duties.ts';
import type { MovedList } from '../../services/people/hand-over.ts';
import type { Holding } from '../../services/people/held.ts';
import { PATROL_ANSWERS, type PatrolFigures } from '../../services/people/patrol.ts';
import type { PatchPatrols } from '../../services/people/patrols-before.ts';
import { DUTIES } from '../../services/people/person.ts';
import type { Held, Responsibility } from '../../services/people/responsible.ts';
import { printTable } from './output.ts';

/** The people of a workspace for a terminal, Chinese first. */

export function printDuties(duties: readonly Duty[]): void {
  printTable(
    ['编号 id', '姓名 person', '职责 duty', '范围 where', '起 from', '止 to', '电话', '备注 note'],
    duties.map(({ id, person, duty, grid, district, fromDay, toDay, phone, note }) => [
      ...[id, person, DUTIES[duty].zh, grid === null ? `区划 ${district || '全部 all'}` : `网格 ${grid}`],
      ...[fromDay, toDay ?? '', phone ?? '', note],
    ]),
  );
}

export function printHolding(
  person: string,
  { duties, assigned }: Holding,
  handOvers: readonly { id: string; fromPerson: string; toPerson: string; at: string; note: string }[],
): void {
  say(`${person}：职责 duties ${duties.length}，承办 in hand ${assigned.length}`);
  if (duties.length > 0) printDuties(duties);
  if (assigned.length > 0) {
    printTable(
      ['', '编号 number', '区划', '状态 state'],
      assigned.map(({ subject, id, name, district, state }) => [
        ...[subject === 'patch' ? '图斑' : '案件', subject === 'patch' ? name : `${id} ${name}`, district, state],
      ]),
    );
  }
  for (const { id, fromPerson, toPerson, at, note } of handOvers)
    say(`移交 hand-over ${id}  ${localTime(at)}  ${fromPerson} → ${toPerson}  ${note}`);
}

export function printMoved({ duties, patches, cases }: MovedList): void {
  say(`职责 duties ${duties.length}，图斑 patches ${patches.length}，案件 cases ${cases.length}`);
  for (const { duty } of duties) say(`  ${DUTIES[duty.duty].zh} ${duty.grid ?? duty.district}`);
  for (const { number } of patches) say(`  图斑 ${number}`);
  for (const { id, title } of cases) say(`  案件 ${id} ${title}`);
}

const SOURCES: Record<Held['by'], string> = { register: '登记', layer: '网格图层', assigned: '指派' };

export function printResponsible(number: string, { day, grids, fieldChief, patroller, handler }: Responsibility): void {
  say(`图斑 patch ${number}，${day}`);
  printTable(
    ['网格 grid', '名称 name', '级别', '占图斑 %'],
    grids.map(({ code, name, level, share }) => [code, name, level, (100 * share).toFixed(1)]),
  );
  const shown = (held: Held | null) => (held === null ? '不明 not known' : `${held.person}（${SOURCES[held.by]}）`);
  say(`田长 ${shown(fieldChief)}，网格员 ${shown(patroller)}，承办人 ${shown(handler)}`);
}

export function printPatrolAnswers(rows: readonly PatchPatrols[]): void {
  printTable(
    ['图斑 patch', '网格 grid', '变化区间 onset', '巡查 patrol', '说明'],
    rows.map(({ patch, grid, finding }) => [
      ...[patch.number, grid === null ? '' : `${grid.code} ${grid.name}`, `${patch.beforeDate}–${patch.afterDate}`],
      ...[PATROL_ANSWERS[finding.answer].zh, `${finding.because.zh} ${finding.because.en}`],
    ]),
  );
}

export function printPatrolFigures(title: string, figures: readonly PatrolFigures[]): void {
  printTable(
    [title, '', '图斑', '已报告 reported', '未报告 not reported', '未巡查 no patrol', '不明 not known'],
    figures.map(({ key, name, patches, reported, notReported, noPatrol, notKnown }) => [
      ...[key, name],
      ...[patches, reported, notReported, noPatrol, notKnown].map(String),
    ]),
  );
}

export function printCauses(tallies: readonly CauseTally[]): void {
  const head = tallies[0]?.causes.map(({ label }) => label.zh) ?? [];
  printTable(
    ['区划 district', '销号 cleared', '亩', ...head],
    tallies.map(({ district, patches, areaM2, causes }) => [
      ...[district, String(patches), (areaM2 * 0.0015).toFixed(2)],
      ...causes.map((each) => String(each.patches)),
    ]),
  );
}

export function printProposed(number: string, proposed: readonly ProposedCause[]): void {
  say(proposed.length === 0 ? `${number}：事实未指明原因 the facts do not say` : number);
  for (const { cause, because } of proposed) say(`  ${cause}  ${because.zh} ${because.en}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
