import type { ClosedMonth } from '../../services/cycle/closed.ts';
import type { CorrectionEntry } from '../../services/cycle/correct.ts';
import type { FigureSet } from '../../services/cycle/figure-set.ts';
import { checkLine, figureLines } from '../../services/cycle/record-text.ts';
import type { ShownMonth } from '../../services/cycle/show.ts';

const states: Record<ShownMonth['status'], string> = {
  'not-opened': '未开月 not opened',
  open: '已开月 open',
  issued: '已下发 tasks sent',
  closed: '已结月 closed',
};

export function printClosed({ record, sha256, isNew }: ClosedMonth): void {
  const { figures, carry, closedAt, closedBy, month } = record;
  const state = isNew ? '已结月 closed' : '此前已结月 was closed before';
  say(`${month} ${state}：${closedAt} ${closedBy}`, `sha256 ${sha256}`, ...setLines(figures));
  say(...carry.checks.map(checkLine));
}

export function printShown({ month, status, tasks, reported, corrections, corrected, now }: ShownMonth): void {
  say(
    `${month} ${states[status]}　任务 tasks ${tasks.sent}（存疑 in doubt ${tasks.inDoubt}）　批次 rounds ${tasks.rounds}`,
  );
  if (reported) {
    const { closedAt, closedBy, sha256, figures } = reported;
    say('', `■ 上报数 As reported　${closedAt} ${closedBy}　sha256 ${sha256}`, ...setLines(figures));
    for (const entry of corrections) printCorrection(entry);
    if (corrected && corrections.length > 0) say('', '■ 更正后 As corrected', ...setLines(corrected));
  }
  say('', '■ 现状 As it is now', ...setLines(now));
}

export function printCorrection({ entry, at, actor, reason, rows, figures }: CorrectionEntry): void {
  say('', `■ 更正 Correction ${entry}　${at} ${actor}：${reason}`);
  for (const { number, was, now } of rows) say(`图斑 ${number}：${was?.state ?? '–'} → ${now.state}`);
  say('区县 district / 指标 figure：上报 as reported → 更正前 before → 现 now');
  for (const { district, figure, asReported, before, asNow } of figures) {
    say(`${district || '合计 total'} ${figure}：${shown(asReported)} → ${shown(before)} → ${shown(asNow)}`);
  }
}

function setLines({ whole, checks, differences }: FigureSet): string[] {
  return [...figureLines(whole), ...checks.map(checkLine), ...differences.map(({ zh, en }) => `差异 ${zh} ${en}`)];
}

function shown(value: number | null): string {
  return value === null ? '–' : String(Math.round(value * 10_000) / 10_000);
}

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
