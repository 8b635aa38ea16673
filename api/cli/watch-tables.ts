import type { LateReport } from '../../services/late/report.ts';
import { localDay } from '../../services/local-time.ts';
import type { PatchRow } from '../../services/store/patches.ts';
import type { WatchVerdictRow } from '../../services/store/watch.ts';
import { type VerdictName, verdictLabels, type WatchReason, watchReasons } from '../../services/watch/decide.ts';
import type { WatchEvidence } from '../../services/watch/evidence.ts';
import type { WatchList } from '../../services/watch/figures.ts';
import type { Rechecked } from '../../services/watch/recheck.ts';
import { printTable } from './output.ts';

const steps: Record<string, string> = { 'confirm-restored': '确认恢复 confirmed', reopen: '重开 reopened' };
const kinds: Record<string, string> = { late: '补到 late', replaced: '替换 replaced', withdrawn: '撤回 withdrawn' };
const effects: Record<string, string> = {
  found: '新发现 found',
  reinstate: '恢复 reinstated',
  reopen: '重开 reopened',
  'evidence-changed': '证据变更 evidence changed',
  'confirm-restored': '确认恢复 confirmed',
  'seen-again': '再次见到 seen again',
};

export function printWatchList({ verdicts, districts }: WatchList): void {
  printTable(
    ['图斑 patch', '月份 month', '影像 image', '可见 seen', '结论 verdict', '依据 why', '后续 step'],
    verdicts.map((row) => [row.number, row.month, ...cells(row)]),
  );
  if (districts.length === 0) return;
  printTable(
    [
      '区县 district',
      '待复核 waiting',
      '已确认 confirmed',
      '已重开 reopened',
      '无清晰影像 no clear look',
      '待判读 not sure',
      '无需恢复 may stay',
    ],
    districts.map(({ district, waiting, confirmed, reopened, noClearLook, notSure, notRequired }) => [
      district,
      ...[waiting, confirmed, reopened, noClearLook, notSure, notRequired].map(String),
    ]),
  );
}

export function printPatchVerdicts({ number, state }: PatchRow, verdicts: readonly WatchVerdictRow[]): void {
  process.stdout.write(`${number}  ${state}\n`);
  if (verdicts.length === 0) {
    process.stdout.write('尚未复核 not looked at since it was closed\n');
    return;
  }
  const { claim } = JSON.parse(verdicts[verdicts.length - 1].evidenceJson) as WatchEvidence;
  const areas = [claim.demolishedM2, claim.regularisedM2, claim.confiscatedM2].map((area) => Math.round(area));
  process.stdout.write(
    `申请销号 ${claim.since}：拆除复耕 torn down ${areas[0]} m²，补办 regularised ${areas[1]} m²，没收 confiscated ${areas[2]} m²\n`,
  );
  printTable(
    ['月份 month', '影像 image', '可见 seen', '结论 verdict', '依据 why', '后续 step', '恢复 restored', '仍在 built'],
    verdicts.map((row) => {
      const { seen } = JSON.parse(row.evidenceJson) as WatchEvidence;
      return [row.month, ...cells(row), percent(seen?.restored), percent(seen?.built)];
    }),
  );
}

export function printRechecked(month: string, { patches, steps: taken }: Rechecked): void {
  const count = (action: string) => taken.filter((step) => step.action === action).length;
  process.stdout.write(
    `${month} 已复核 looked at ${patches}，确认恢复 confirmed ${count('confirm-restored')}，重开 reopened ${count('reopen')}\n`,
  );
}

export function printLate({ pending, done }: LateReport): void {
  if (pending.length + done.length === 0) {
    process.stdout.write('无补到、替换或撤回的影像 no image came late or was withdrawn\n');
    return;
  }
  printTable(
    ['影像 image', '日期 date', '情况 what', '处理 done', '新图斑 issued', '影响 effects'],
    [
      ...pending.map(({ sceneId, date, kind }) => [sceneId, date, kinds[kind], '下次运行 next run', '', '']),
      ...done.map(({ sceneId, date, kind, at, issued, effects: all, why }) => [
        ...[sceneId, date, kinds[kind], localDay(at), String(issued)],
        [
          ...(why === null ? [] : [why]),
          ...all.map(({ number, effect }) => `${number} ${effects[effect] ?? effect}`),
        ].join('；'),
      ]),
    ],
  );
}

function cells({ firstDate, lastDate, observedShare, verdict, reason, step }: WatchVerdictRow): string[] {
  const days = firstDate === lastDate ? (firstDate ?? '') : `${firstDate}–${lastDate}`;
  return [
    days,
    percent(observedShare),
    verdictLabels[verdict as VerdictName].zh,
    watchReasons[reason as WatchReason].zh,
    step === null ? '' : steps[step],
  ];
}

function percent(share: number | undefined): string {
  return share === undefined ? '' : `${Math.round(100 * share)} %`;
}
