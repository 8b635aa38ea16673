import type { Label } from './label.ts';

/** Why a step was taken, in codes that can be counted. One list per kind of step. */

export interface Reason {
  code: string;
  label: Label;
  /** The code says too little by itself: payload.note must say the rest. */
  noteNeeded?: true;
}

export type ReasonList =
  | 'dismissal'
  | 'refusal'
  | 'return'
  | 'closure-return'
  | 'reopening'
  | 'reinstatement'
  | 'leaving-case'
  | 'not-filing'
  | 'no-penalty'
  | 'extension'
  | 'extension-refusal';

/** Late truth: what a decision rested on was not there, or is no more. */
const imagery = [
  reason('scene-withdrawn', '影像已撤回', 'An image it rested on was withdrawn'),
  reason('scene-replaced', '影像已替换', 'An image it rested on was replaced'),
  reason('late-scene', '影像补到', 'An image of that month came late'),
];

const OTHER: Reason = { code: 'other', label: { zh: '其他', en: 'Other' }, noteNeeded: true };

/** 伪变化 false change and 底图错误 base-map error: also what the detector learns from. */
const dismissal = [
  reason('season', '季节变化', 'Season or crop cycle'),
  reason('cloud', '云', 'Cloud'),
  reason('shadow', '阴影', 'Shadow'),
  reason('shift', '影像错位', 'Images shifted against each other'),
  reason('imagery-quality', '影像质量', 'Striping, haze or colour of the image'),
  reason('duplicate', '重复图斑', 'Duplicate of another patch'),
  reason('below-minimum-area', '小于最小面积', 'Below minimum area'),
  reason('built-before', '前时相已建', 'Built before the earlier image'),
  reason('greenhouse-film', '大棚地膜', 'Greenhouse or mulch film'),
  reason('water-level', '水位变化', 'Water level'),
  reason('temporary-object', '临时堆放', 'Vehicles, stacks or other passing things'),
  reason('base-map-error', '底图错误', 'Base-map error'),
  OTHER,
];

export const REASONS: Readonly<Record<ReasonList, readonly Reason[]>> = {
  dismissal,
  refusal: [
    reason('wrong-district', '不在本辖区', 'Not in this district'),
    reason('not-our-duty', '不属本部门职责', "Not this department's duty"),
    reason('duplicate-task', '重复下发', 'Task sent before'),
    reason('material-missing', '材料不足', 'Material missing'),
    OTHER,
  ],
  return: [
    reason('evidence-missing', '举证不足', 'Evidence missing'),
    reason('photo-unusable', '照片不清或位置不符', 'Photo unclear or taken elsewhere'),
    reason('judgement-wrong', '判定不当', 'Judgement wrong'),
    reason('basis-wrong', '依据有误', 'Rule or document cited wrongly'),
    reason('area-wrong', '面积不符', 'Area wrong'),
    OTHER,
  ],
  'closure-return': [
    reason('not-restored', '未整改到位', 'Not put right'),
    reason('partly-restored', '部分整改', 'Put right in part'),
    reason('photo-doubtful', '照片存疑', 'Photo doubtful or used before'),
    reason('approval-gap', '审批缺口', 'Approval gap'),
    reason('patrol-gap', '巡查缺口', 'Patrol gap'),
    OTHER,
  ],
  reopening: [
    reason('relapse', '反弹', 'Relapse'),
    reason('false-rectification', '虚假整改', 'Rectification was faked'),
    ...imagery,
  ],
  reinstatement: [
    reason('ended-wrongly', '误销', 'Ended by mistake'),
    reason('new-evidence', '新证据', 'New evidence'),
    reason('audit-finding', '检查发现', 'Found by an audit'),
    ...imagery,
    reason('grown', '原地块扩大', 'Grown beyond what was dealt with'),
  ],
  'leaving-case': [
    reason('case-not-filed', '案件不予立案', 'The case was not filed'),
    reason('wrong-case', '入案有误', 'Put into the wrong case'),
    OTHER,
  ],
  'not-filing': [
    reason('no-breach', '无违法事实', 'No breach'),
    reason('minor-and-corrected', '轻微并已改正', 'Minor and corrected in time'),
    reason('time-barred', '超过追究时效', 'Out of time'),
    reason('no-jurisdiction', '无管辖权', 'No jurisdiction'),
    OTHER,
  ],
  'no-penalty': [
    reason('breach-not-established', '违法事实不成立', 'Breach not established'),
    reason('minor-and-corrected', '轻微并已改正', 'Minor and corrected in time'),
    reason('time-barred', '超过追究时效', 'Out of time'),
    reason('moved-to-other-authority', '移送其他机关', 'Moved to another authority'),
    OTHER,
  ],
  extension: [
    reason('weather', '汛期或恶劣天气', 'Floods or bad weather'),
    reason('standing-crop', '作物未收', 'A crop still stands'),
    reason('large-works', '整改工程量大', 'Much to be put right'),
    reason('waiting-for-department', '待其他部门意见', 'Another department has yet to answer'),
    reason('court-or-review', '复议或诉讼', 'Under review or in court'),
    reason('person-not-found', '当事人无法联系', 'The person concerned cannot be found'),
    OTHER,
  ],
  'extension-refusal': [
    reason('not-justified', '理由不充分', 'Not justified'),
    reason('evidence-missing', '证明材料不足', 'Evidence missing'),
    reason('asked-too-late', '申请过迟', 'Asked for too late'),
    OTHER,
  ],
};

/** 销号时的原因代码: why the breach could come about, said when the patch is cleared; counted by district. */
export const CAUSES: readonly Reason[] = [
  reason('approval-gap', '审批缺口', 'Approval gap'),
  reason('patrol-gap', '巡查缺口', 'Patrol gap'),
  reason('knowing-breach', '当事人明知故犯', 'Knowing breach'),
  reason('policy-unknown', '政策宣传不到位', 'Rules not known'),
  reason('planning-gap', '规划或指标缺口', 'Gap of planning or quota'),
  reason('project-urgency', '项目赶工先建', 'Built before approval, in haste'),
  reason('cause-unclear', '原因不明', 'Cause unclear'),
];

function reason(code: string, zh: string, en: string): Reason {
  return { code, label: { zh, en } };
}
