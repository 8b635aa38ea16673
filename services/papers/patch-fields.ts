import { verdictWords } from '../legality/explain.ts';
import { BUILT_WORDS, INSTRUMENT_WORDS } from '../legality/explain-words.ts';
import type { Opinion, ZoneFigures } from '../legality/opinion.ts';
import { daysBetween } from '../lifecycle/deadline.ts';
import { judgementOf } from '../lifecycle/judgements.ts';
import { CAUSES, REASONS } from '../lifecycle/reasons.ts';
import { stateOf, TRANSITIONS } from '../lifecycle/transitions.ts';
import { CHANGE_TYPES } from '../queue/change-types.ts';
import {
  areaOfPatches,
  dayOfTime,
  dayText,
  type Field,
  field,
  lastSaid,
  lastStep,
  listOfPatches,
  monthText,
  ofPatches,
} from './field.ts';
import type { PaperEvent, PaperPatch } from './record.ts';

/** What a paper can say of patches; of several the areas are summed and the texts listed. */
export const PATCH_FIELDS: Readonly<Record<string, Field>> = {
  'patches.count': field('图斑个数', 'number of patches', ({ patches }) => String(patches.length)),
  'patch.number': ofPatches('图斑编号', 'patch number', ({ detail }) => detail.patch.number),
  'patch.month': ofPatches('监测月份', 'month', ({ detail }) => monthText(detail.patch.month)),
  'patch.district': ofPatches('图斑坐落', 'district of the patch', ({ detail }) => detail.districtName),
  'patch.district-code': ofPatches('行政区代码', 'district code', ({ detail }) => detail.patch.district),
  'patch.position': ofPatches('中心坐标', 'centre, lon/lat', positionOf),
  'patch.type': ofPatches('变化类型', 'type of change', ({ detail }) => typeWords(detail.patch.type)),
  'patch.area': areaOfPatches('图斑面积', 'area', ({ detail }) => detail.patch.areaM2),
  'patch.state': ofPatches('当前状态', 'state', ({ detail }) => stateOf('patch', detail.patch.state).label.zh),
  'patch.due': ofPatches('办理期限', 'due date', ({ detail }) => dayOfTime(detail.patch.dueAt)),
  'patch.overdue-days': field('超期天数', 'days overdue', ({ patches, at }) => {
    const late = patches.map(({ detail }) => detail.patch.dueAt).filter((due) => due !== null);
    const days = late.map((due) => daysBetween(new Date(due), at)).filter((count) => count > 0);
    return days.length > 0 ? String(Math.max(...days)) : null;
  }),
  'patch.before-date': ofPatches('前时相日期', 'earlier image', ({ detail }) => dayText(detail.detection.beforeDate)),
  'patch.after-date': ofPatches('后时相日期', 'later image', ({ detail }) => dayText(detail.detection.afterDate)),
  'patch.onset': ofPatches(
    '变化发生区间',
    'onset interval',
    ({ detail: { detection } }) =>
      `${dayText(detection.beforeDate)}影像未见变化，${dayText(detection.afterDate)}影像已见变化`,
  ),
  'patch.farmland': zone('占用耕地面积', 'farmland', 'farmland', 'farmland'),
  'patch.basic-farmland': zone(
    '占用永久基本农田面积',
    'permanent basic farmland',
    'permanentBasicFarmland',
    'permanent-basic-farmland',
  ),
  'patch.red-line': zone('占用生态保护红线面积', 'red line', 'redLine', 'red-line'),
  'patch.uncovered': areaOfPatches('无合法依据面积', 'area not covered', ({ opinion }) =>
    opinion === null ? null : opinion.figures.uncoveredM2,
  ),
  'opinion.words': ofPatches('初步意见', 'opinion', ({ opinion }) => opinion && verdictWords(opinion, 'zh')),
  'opinion.rule': ofPatches('依据规则', 'rule and version', ({ opinion }) => opinion && ruleWords(opinion)),
  'opinion.built': ofPatches('新增或存量', 'new or old', ({ opinion }) =>
    opinion?.built ? BUILT_WORDS[opinion.built].zh : null,
  ),
  'opinion.cited': ofPatches(
    '初步意见及依据规则',
    'opinion and rule',
    ({ opinion }) => opinion && `${verdictWords(opinion, 'zh')}（${ruleWords(opinion)}）`,
  ),
  'opinion.documents': listOfPatches('已有批准文件', 'documents found', '在库资料中未见', ({ opinion }) =>
    opinion === null
      ? null
      : opinion.figures.byInstrument.map(({ kind, number, ref }) => `${INSTRUMENT_WORDS[kind].zh} ${number ?? ref}`),
  ),
  'opinion.missing': listOfPatches('缺少的证据材料', 'missing evidence', '无', ({ opinion }) =>
    opinion === null ? null : opinion.missing.map(({ text, remedy }) => `${text.zh}（${remedy.zh}）`),
  ),
  'task.number': ofPatches('任务编号', 'task number', ({ task }) => task),
  'task.opinion': ofPatches('下发意见', 'opinion sent down', ({ steps }) => noteOf(lastStep(steps, 'warn'))),
  'task.sent': ofPatches('下发日期', 'sent down on', ({ steps }) => dayOfTime(lastStep(steps, 'warn')?.at)),
  'verification.date': ofPatches('核查日期', 'verified on', ({ steps }) => dayOfTime(verified(steps)?.at)),
  'verification.by': ofPatches('核查人员', 'verified by', ({ steps }) => verified(steps)?.actor ?? null),
  'verification.evidence': ofPatches('举证材料', 'evidence handed in', ({ steps }) => evidenceWords(verified(steps))),
  'judgement.words': ofPatches('判定结论', 'judgement', ({ detail }) => judgementWords(detail.judgement)),
  'judgement.by': ofPatches('判定人员', 'judged by', ({ steps }) => judged(steps)?.actor ?? null),
  'judgement.date': ofPatches('判定日期', 'judged on', ({ steps }) => dayOfTime(judged(steps)?.at)),
  'violation.area': areaOfPatches('违法面积', 'area of the breach', ({ steps }) => measured(steps)),
  occupier: ofPatches('占地主体', 'occupier', ({ steps }) => lastSaid(steps, 'occupier')),
  assignee: ofPatches('承办人', 'has it in hand', ({ steps }) => lastSaid(steps, 'assignee')),
  'supervision.note': ofPatches('督办事由', 'why supervised', ({ steps }) => noteOf(lastStep(steps, 'supervise'))),
  'patch.reasons': ofPatches('退回与重开原因', 'reasons of returns', ({ steps }) => reasonWords(steps)),
  'closure.cause': ofPatches('原因分类', 'cause code', ({ steps }) => causeWords(lastSaid(steps, 'cause'))),
};

export function typeWords(code: string): string {
  return CHANGE_TYPES.find((type) => type.code === code || type.tblx === code)?.label.zh ?? code;
}

/** A zone's area by the opinion where its layer vouches for the day, else by the overlay where it lies in one at all. */
function zone(zh: string, en: string, figure: 'farmland' | 'permanentBasicFarmland' | 'redLine', layer: string): Field {
  return areaOfPatches(zh, en, ({ opinion, detail }) => {
    const told: ZoneFigures | undefined = opinion?.figures[figure];
    if (told?.known) return told.areaM2;
    const inside = detail.overlaps.filter((overlap) => overlap.layer === layer);
    return inside.length > 0 ? inside.reduce((sum, { areaM2 }) => sum + areaM2, 0) : null;
  });
}

function positionOf({ detail: { patch } }: PaperPatch): string {
  const middle = (a: number, b: number) => ((a + b) / 2).toFixed(6);
  return `东经 ${middle(patch.minLon, patch.maxLon)}°，北纬 ${middle(patch.minLat, patch.maxLat)}°`;
}

function ruleWords({ ruleSetId, ruleVersion, ruleId }: Opinion): string {
  return `${ruleSetId}@${ruleVersion} 规则 ${ruleId}`;
}

function judgementWords(code: string | null): string | null {
  return code === null ? null : (judgementOf(code)?.label.zh ?? code);
}

function causeWords(code: string | null): string | null {
  return code === null ? null : (CAUSES.find((cause) => cause.code === code)?.label.zh ?? code);
}

function verified(steps: readonly PaperEvent[]): PaperEvent | undefined {
  return lastStep(steps, 'verify', 'add-evidence');
}

function judged(steps: readonly PaperEvent[]): PaperEvent | undefined {
  return steps.findLast(({ payload }) => typeof payload['judgement'] === 'string');
}

function measured(steps: readonly PaperEvent[]): number | null {
  const area = steps.findLast(({ payload }) => typeof payload['violationM2'] === 'number')?.payload['violationM2'];
  return typeof area === 'number' ? area : null;
}

export function noteOf(step: PaperEvent | undefined): string | null {
  const note = step?.payload['note'];
  return typeof note === 'string' ? note : null;
}

export function evidenceWords(step: PaperEvent | undefined): string | null {
  const ids = step?.payload['evidence'];
  return Array.isArray(ids) && ids.length > 0 ? `${ids.join('、')}（共 ${ids.length} 件）` : null;
}

/** '2026年10月5日县级打回：举证不足' of each step that has a reason; '无' where none has. */
export function reasonWords(steps: readonly PaperEvent[]): string {
  const told = steps
    .filter(({ reason }) => reason !== null)
    .map((step) => {
      const row = TRANSITIONS[step.subject].find(
        ({ action, from }) => action === step.action && from.includes(step.fromState ?? ''),
      );
      const listed = row?.reasons === undefined ? [] : REASONS[row.reasons];
      const reason = listed.find(({ code }) => code === step.reason)?.label.zh ?? step.reason;
      const note = noteOf(step);
      return `${dayOfTime(step.at)}${row?.label.zh ?? step.action}：${reason}${note === null ? '' : `（${note}）`}`;
    });
  return told.length === 0 ? '无' : told.join('；');
}
