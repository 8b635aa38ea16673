import { changeTypes } from '../../detectors/change-type.ts';
import type { Label } from '../lifecycle/label.ts';

/** A type that a patch may have, as lists, forms and exchange files name it. */
export interface NamedChangeType {
  /** As in a patch's `type`. */
  code: string;
  /** Code of the exchange format. */
  tblx: string;
  label: Label;
}

/** Land that became a matter with no change in any image: its document ran out, or its project stands still. No code of the exchange format means that; this one is ours. */
export const noChange: NamedChangeType = {
  code: 'no-change',
  tblx: 'DQ',
  label: { zh: '影像无变化（批件到期或项目线索）', en: 'no change: document ran out, or project lead' },
};

/** The types that this edition of the detector tells apart, and that of land found by its papers. */
export const CHANGE_TYPES: readonly NamedChangeType[] = [
  ...Object.entries(changeTypes).map(([code, type]) => ({
    code,
    tblx: type.tblx,
    label: { zh: type.zh, en: type.en },
  })),
  noChange,
];
