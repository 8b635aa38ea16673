import type { Label } from '../lifecycle/label.ts';
import { roleOf } from '../zones/layer-roles.ts';
import type { Missing } from './opinion.ts';
import type { Cause, Matter } from './zone-standing.ts';

/** Words for what is missing and for how to come by it. */

type Words = (name: Label, matter: Matter) => Label;

const TEXTS: Readonly<Record<Missing['why'], Words>> = {
  absent: ({ zh, en }) => ({ zh: `没有图层：${zh}`, en: `There is no layer: ${en}` }),
  'not-covering': ({ zh, en }) => ({
    zh: `图层未覆盖本行政区：${zh}`,
    en: `The layer does not cover the district: ${en}`,
  }),
  'completeness-unknown': ({ zh, en }) => ({
    zh: `图层未注明完整截止日期：${zh}`,
    en: `Nobody said to which day the layer is complete: ${en}`,
  }),
  stale: ({ zh, en }, { facts }) => {
    const day = facts.patch.onset.firstChanged;
    return { zh: `图层早于后时相 ${day}：${zh}`, en: `The layer is older than the later image of ${day}: ${en}` };
  },
  'dated-inside-onset': ({ zh, en }, { facts }) => {
    const { lastUnchanged, firstChanged } = facts.patch.onset;
    const span = `${lastUnchanged} – ${firstChanged}`;
    return {
      zh: `批件日期在变化区间 ${span} 内，先后不明：${zh}`,
      en: `The document is dated inside the onset interval ${span}, before or after the change: ${en}`,
    };
  },
  'document-undated': ({ zh, en }) => ({ zh: `批件无日期：${zh}`, en: `The document has no date: ${en}` }),
  'expiry-unclear': ({ zh, en }) => ({
    zh: `批件有效期不明：${zh}`,
    en: `Not clear how long the document was valid: ${en}`,
  }),
  'condition-unproven': ({ zh, en }) => ({ zh: `附条件待证：${zh}`, en: `A condition is not proven: ${en}` }),
  'not-established': ({ zh, en }) => ({ zh: `未经实地认定：${zh}`, en: `Not established on site: ${en}` }),
};

const REMEDIES: Readonly<Record<Missing['why'], Words>> = {
  absent: ({ zh, en }) => ({
    zh: `导入图层“${zh}”并注明完整截止日期`,
    en: `Import the layer ${en} and say to which day it is complete`,
  }),
  'not-covering': ({ zh, en }) => ({ zh: `导入覆盖本区的“${zh}”`, en: `Import ${en} for this district` }),
  'completeness-unknown': ({ zh, en }) => ({ zh: `注明“${zh}”完整截止日期`, en: `Say to which day ${en} is complete` }),
  stale: ({ zh, en }, { facts }) => {
    const day = facts.patch.onset.firstChanged;
    return { zh: `导入完整至 ${day} 的“${zh}”`, en: `Import ${en}, complete to ${day} or later` };
  },
  'dated-inside-onset': () => ({
    zh: '调取变化区间内的其他影像或施工记录，认定动工日期',
    en: 'Find an image inside the interval or building records, and establish the day work began',
  }),
  'document-undated': () => ({ zh: '调取批件原件，补录日期', en: 'Fetch the document itself and record its date' }),
  'expiry-unclear': () => ({ zh: '调取批件原件，核对有效期', en: 'Fetch the document itself and check its term' }),
  'condition-unproven': () => ({ zh: '补充证明材料', en: 'Supply proof of the condition' }),
  'not-established': () => ({ zh: '实地核查并举证', en: 'Verify on site, with photographs' }),
};

const FIELD_CHECKS: Readonly<Record<string, Label>> = {
  use: { zh: '实际用途', en: 'what the ground is used for' },
  'rural-road': { zh: '是否农村道路（路面宽度等）', en: 'whether it is a rural road (width and use)' },
  'facility-farmland': { zh: '是否设施农用地', en: 'whether it is facility farmland' },
};

export function textOf(cause: Cause, matter: Matter): Label {
  const text = TEXTS[cause.why](nameOf(cause, matter), matter);
  const condition = cause.why === 'condition-unproven' ? conditionOf(cause.ref, matter) : undefined;
  return condition === undefined ? text : { zh: `${text.zh}（${condition.zh}）`, en: `${text.en} (${condition.en})` };
}

export function remedyOf(cause: Cause, matter: Matter): Label {
  return REMEDIES[cause.why](nameOf(cause, matter), matter);
}

function nameOf({ what, ref }: Cause, { instruments }: Matter): Label {
  if (what === 'field-check') return FIELD_CHECKS[ref] ?? { zh: ref, en: ref };
  if (what === 'layer') return roleOf(ref)?.title ?? { zh: ref, en: ref };
  const number = instruments.get(ref)?.number ?? ref;
  return { zh: number, en: number };
}

function conditionOf(ref: string, { instruments, ruleSet }: Matter): Label | undefined {
  const kind = instruments.get(ref)?.kind;
  return ruleSet.cures.find(({ instrument, condition }) => instrument === kind && condition !== undefined)?.condition;
}
