import { stateOf } from '../../lifecycle/transitions.ts';
import type { FieldValue } from '../../zones/layer-files/layer-file.ts';
import { type AnswerColumn, M2_PER_UNIT } from '../profile.ts';
import { judgementWords, type RowState } from '../row-state.ts';

/** What goes into a cell; null: nothing is known, so the cell stays as it came. */
export type Answer = string | number | null;

/** The answer of a row in a column of its profile. Pure. */
export function answerOf(column: AnswerColumn, state: RowState): Answer {
  if (!state.answered) return null;
  switch (column.from) {
    case 'judgement':
      return state.judgement === null ? null : word(column, state.judgement, judgementWords);
    case 'state':
      return state.state === null ? null : word(column, state.state, (name) => stateOf('patch', name).label.zh);
    case 'rectified-area':
      return inUnit(column, state.rectifiedM2);
    case 'remaining-area':
      return inUnit(column, state.remainingM2);
    case 'patch-number':
      return state.patchNumber;
    case 'department':
      return state.department?.name ?? null;
    default:
      return state[column.from];
  }
}

function word({ words }: AnswerColumn, code: string, ours: (code: string) => string): string {
  return words !== undefined && Object.hasOwn(words, code) ? words[code] : ours(code);
}

/** Hundredths of a m², or of what they stand for in other units. */
function inUnit({ unit = 'm2' }: AnswerColumn, areaM2: number): number {
  return Number((areaM2 / M2_PER_UNIT[unit]).toFixed(unit === 'm2' ? 2 : 4));
}

/** The answers of one row by column, and where the row lies in its file. */
export interface RowAnswers {
  row: number;
  fid: string | null;
  number: string;
  values: ReadonlyMap<string, Exclude<FieldValue, null | boolean>>;
}

/** An answer that its column cannot hold as it is. */
export interface Misfit {
  number: string;
  field: string;
  problem: string;
}
