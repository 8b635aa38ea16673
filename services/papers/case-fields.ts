import { stateOf } from '../lifecycle/transitions.ts';
import { dayOfTime, type Field, field, lastSaid, lastStep } from './field.ts';
import { evidenceWords, noteOf, reasonWords } from './patch-fields.ts';
import { RECEIVER_WORDS } from './receivers.ts';
import type { PaperCase } from './record.ts';

const LEVEL_WORDS: Readonly<Record<string, string>> = { county: '县级', city: '市级', province: '省级' };
const filing = ['file', 'file-directly'];
const ending = ['close', 'close-without-penalty'];

/** What a paper can say of a case. */
export const CASE_FIELDS: Readonly<Record<string, Field>> = {
  'case.id': ofCase('案件编号', 'case', ({ row }) => row.id),
  'case.title': ofCase('案由', 'title of the case', ({ row }) => row.title),
  'case.state': ofCase('案件状态', 'state of the case', ({ row }) => stateOf('case', row.state).label.zh),
  'case.opened': ofCase('线索登记日期', 'opened on', ({ row }) => dayOfTime(row.createdAt)),
  'case.due': ofCase('案件办理期限', 'due date of the case', ({ dueAt }) => dayOfTime(dueAt)),
  'case.level': ofCase('立案层级', 'level of filing', ({ steps }) => levelWords(lastSaid(steps, 'level'))),
  'case.filed': ofCase('立案日期', 'filed on', ({ steps }) => dayOfTime(lastStep(steps, ...filing)?.at)),
  'case.filed-by': ofCase('立案审批人', 'filed by', ({ steps }) => lastStep(steps, ...filing)?.actor ?? null),
  'case.decided': ofCase('处罚决定日期', 'decided on', ({ steps }) => dayOfTime(lastStep(steps, 'decide')?.at)),
  'case.penalty': ofCase('处罚决定内容', 'penalty', ({ steps }) => noteOf(lastStep(steps, 'decide'))),
  'case.penalty-papers': ofCase('处罚决定文书', 'papers of the decision', ({ steps }) =>
    evidenceWords(lastStep(steps, 'decide')),
  ),
  'case.reminded': ofCase('催告日期', 'reminded on', ({ steps }) => dayOfTime(lastStep(steps, 'remind')?.at)),
  'case.performed': ofCase('履行完毕日期', 'performed on', ({ steps }) => dayOfTime(lastStep(steps, 'perform')?.at)),
  'case.closed': ofCase('结案日期', 'closed on', ({ steps }) => dayOfTime(lastStep(steps, ...ending)?.at)),
  'case.reasons': ofCase('案件处理理由', 'reasons', ({ steps }) => reasonWords(steps)),
  'hand-over.receiver': ofCase('移送接收机关', 'receiver', ({ steps }) => receiverOf(lastSaid(steps, 'receiver'))),
  'hand-over.date': ofCase('移送日期', 'handed over on', ({ steps }) => dayOfTime(lastStep(steps, 'hand-over')?.at)),
  'hand-over.papers': ofCase('移送材料', 'papers handed over', ({ steps }) =>
    evidenceWords(lastStep(steps, 'hand-over')),
  ),
  'hand-over.receipt': ofCase('回执日期', 'receipt on', ({ steps }) =>
    dayOfTime(lastStep(steps, 'record-receipt')?.at),
  ),
};

function ofCase(zh: string, en: string, of: (matter: PaperCase) => string | null): Field {
  return field(zh, en, ({ case: matter }) => matter && of(matter));
}

function levelWords(level: string | null): string | null {
  return level === null ? null : (LEVEL_WORDS[level] ?? level);
}

function receiverOf(code: string | null): string | null {
  return code === null ? null : (RECEIVER_WORDS[code]?.zh ?? code);
}
