import { REASONS } from '../../lifecycle/reasons.ts';
import { STATES, TRANSITIONS } from '../../lifecycle/transitions.ts';
import { apartRows } from '../../lifecycle/undo.ts';
import { localTime } from '../../local-time.ts';
import type { ChainedEventRow } from '../../store/audit.ts';

/** Of each event: place in the log, time, step, states, who, why and what they saw, beginning of its hash. */
export function historyRows(events: readonly ChainedEventRow[]): string[][] {
  return events.map(({ seq, at, subject, action, fromState, toState, actor, reason, payloadJson, hash }) => [
    String(seq),
    localTime(at),
    actionLabel(subject, action, fromState),
    fromState === null || fromState === toState ? stateLabel(subject, toState) : `→ ${stateLabel(subject, toState)}`,
    actor,
    [reasonLabel(reason), seenWords(payloadJson)].filter((words) => words !== '').join('；'),
    hash.slice(0, 12),
  ]);
}

/** One step may have several names, by the state it is taken from: 县级通过, 市级通过. */
export function actionLabel(subject: ChainedEventRow['subject'], action: string, fromState: string | null): string {
  const rows = [...TRANSITIONS[subject], ...apartRows(subject)].filter((row) => row.action === action);
  const row = rows.find(({ from }) => fromState !== null && from.includes(fromState)) ?? rows[0];
  return row?.label.zh ?? action;
}

function stateLabel(subject: ChainedEventRow['subject'], name: string): string {
  return STATES[subject].find((state) => state.name === name)?.label.zh ?? name;
}

/** Of a code of any list of reasons; of another the code itself. */
export function reasonLabel(code: string | null): string {
  if (code === null) return '';
  const all = Object.values(REASONS).flat();
  return all.find((reason) => reason.code === code)?.label.zh ?? code;
}

/** Names of what is handed in with a step; what has none is told by the code it has. */
const WORDS: Readonly<Record<string, string>> = {
  note: '备注',
  judgement: '判定',
  department: '部门',
  receiver: '移送机关',
  level: '级别',
  title: '案由',
  caseId: '案件',
  evidence: '证据',
  remedy: '整改方式',
  cause: '原因',
  violationM2: '违法面积',
  restoredM2: '恢复面积',
  occupier: '当事人',
  stopped: '现场已停工',
  from: '提交人',
  number: '编号',
  date: '日期',
};

function seenWords(payloadJson: string): string {
  const payload = JSON.parse(payloadJson) as Record<string, unknown>;
  const words = Object.entries(payload).flatMap(([key, value]) =>
    key in WORDS ? [`${WORDS[key]}：${valueWords(value)}`] : [],
  );
  const due = (payload['due'] as { dueAt?: string | null } | undefined)?.dueAt;
  return [...words, ...(typeof due === 'string' ? [`期限 ${localTime(due).slice(0, 10)}`] : [])].join('；');
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => brief(String(one))).join('、');
  if (typeof value === 'boolean') return value ? '是' : '否';
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : brief(String(value));
}

/** Ids and hashes are told by their beginning: the whole stands in the files. */
function brief(text: string): string {
  return /^[0-9a-f]{16,}$/.test(text) ? `${text.slice(0, 10)}…` : text;
}
