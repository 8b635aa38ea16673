import type { FieldValue } from '../zones/layer-files/layer-file.ts';
import { dayOf } from '../zones/layer-roles.ts';
import type { IdleParcel } from './idle-class.ts';

/** Properties of the idle-land layer, most telling first. No exchange format fixes them: offices differ, --field renames. */
const fields = {
  supplied: ['supplied', 'GDRQ', 'HTQDRQ', '供地日期', '合同签订日期'],
  agreedStart: ['agreedStart', 'YDDGRQ', 'YDDGSJ', '约定动工日期', '约定动工时间'],
  startedOn: ['startedOn', 'SJDGRQ', 'SJDGSJ', '实际动工日期', '实际动工时间'],
  clear: ['clear', 'SFJD', '是否净地'],
  governmentCause: ['governmentCause', 'SFZFYY', '是否政府原因'],
  investedShare: ['investedShare', 'TZBL', '投资比例'],
} as const;

const yes = /^(是|y|yes|true|1)$/i;
const no = /^(否|n|no|false|0)$/i;

/** What a zone of approved land says of itself; whatever it does not say, or says in another form, is null. */
export function idleParcelOf(zoneId: string, properties: Readonly<Record<string, FieldValue>>): IdleParcel {
  const text = (names: readonly string[]) => {
    const stated = names.map((name) => String(properties[name] ?? '').trim());
    return stated.find((value) => value !== '') ?? null;
  };
  const said = (names: readonly string[]) => {
    const word = text(names);
    return word === null ? null : yes.test(word) ? true : no.test(word) ? false : null;
  };
  return {
    zoneId,
    supplied: dayOf(text(fields.supplied)),
    agreedStart: dayOf(text(fields.agreedStart)),
    startedOn: dayOf(text(fields.startedOn)),
    clear: said(fields.clear),
    governmentCause: said(fields.governmentCause),
    investedShare: shareOf(text(fields.investedShare)),
  };
}

/** 0.3 and 30 % are shares; 30 without its sign may be either, so it is none. */
function shareOf(word: string | null): number | null {
  const found = word === null ? null : /^(\d+(?:\.\d+)?)\s*([%％])?$/.exec(word);
  if (!found) return null;
  const share = Number(found[1]) / (found[2] ? 100 : 1);
  return share <= 1 ? share : null;
}
