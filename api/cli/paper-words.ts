import { TRANSITIONS } from '../../services/lifecycle/transitions.ts';

/** 'patch supervise（督办）'. */
export function stepWords({ subject, action }: { subject: 'patch' | 'case'; action: string }): string {
  const row = TRANSITIONS[subject].find((one) => one.action === action);
  return `${subject} ${action}（${row?.label.zh ?? action}）`;
}
