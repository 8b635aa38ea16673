import type { Label } from '../lifecycle/label.ts';
import { localDay } from '../local-time.ts';
import { MU_PER_M2 } from '../queue/detail.ts';
import type { PaperEvent, PaperPatch, PaperRecord } from './record.ts';

/** A blank that a template may name. */
export interface Field {
  label: Label;
  /** As the record has it; null: it has not, and the paper shows a blank. */
  of: (record: PaperRecord) => string | null;
}

export function field(zh: string, en: string, of: Field['of']): Field {
  return { label: { zh, en }, of };
}

/** Of each patch: the texts they have, each once. Null where one of them has none: half a list would mislead. */
export function ofPatches(zh: string, en: string, of: (patch: PaperPatch) => string | null): Field {
  return field(zh, en, ({ patches }) => {
    const texts = patches.map(of);
    return texts.length === 0 || texts.includes(null) ? null : [...new Set(texts)].join('；');
  });
}

/** Of each patch a list, and all of them in one, each once; null where the list of one is not known. */
export function listOfPatches(zh: string, en: string, none: string, of: (patch: PaperPatch) => string[] | null): Field {
  return field(zh, en, ({ patches }) => {
    const lists = patches.map(of);
    if (lists.length === 0 || lists.includes(null)) return null;
    return [...new Set((lists as string[][]).flat())].join('；') || none;
  });
}

/** Sums m² over the patches; null where that of one is not known. */
export function areaOfPatches(zh: string, en: string, of: (patch: PaperPatch) => number | null): Field {
  return field(zh, en, ({ patches }) => {
    const areas = patches.map(of);
    return areas.length === 0 || areas.includes(null) ? null : areaText((areas as number[]).reduce((a, b) => a + b, 0));
  });
}

/** '12,345.67 平方米（18.52 亩）'. */
export function areaText(m2: number): string {
  return `${m2Text(m2)} 平方米（${muText(m2)} 亩）`;
}

export function m2Text(m2: number): string {
  return m2.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export function muText(m2: number): string {
  const mu = m2 * MU_PER_M2;
  return mu.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** 2026年9月14日, of a local day YYYY-MM-DD or of a time. */
export function dayText(day: string | Date): string {
  const [year, month, date] = (typeof day === 'string' ? day : localDay(day)).split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

/** 2026年9月, of a month YYYY-MM. */
export function monthText(name: string): string {
  const [year, month] = name.split('-').map(Number);
  return `${year}年${month}月`;
}

export function dayOfTime(time: string | null | undefined): string | null {
  return time ? dayText(new Date(time)) : null;
}

/** The latest of these steps. */
export function lastStep(steps: readonly PaperEvent[], ...actions: readonly string[]): PaperEvent | undefined {
  return steps.findLast(({ action }) => actions.includes(action));
}

/** What was handed in under a name with the latest step that has it, where it is a text. */
export function lastSaid(steps: readonly PaperEvent[], name: string): string | null {
  const said = steps.findLast(({ payload }) => typeof payload[name] === 'string')?.payload[name];
  return typeof said === 'string' ? said : null;
}
