import type { Label } from '../lifecycle/label.ts';

/** What rules can make of a patch. Rules only propose: a person signs, and verifies on site before finding a breach. */
export const OPINIONS = {
  lawful: { zh: '合法', en: 'Lawful' },
  other: { zh: '其他', en: 'Other' },
  'rural-road': { zh: '农村道路', en: 'Rural road' },
  'facility-farmland': { zh: '设施农用地', en: 'Facility farmland' },
  'in-doubt': { zh: '存疑', en: 'In doubt' },
  'suspected-illegal': { zh: '疑似违法', en: 'Suspected illegal' },
} as const satisfies Record<string, Label>;
export type OpinionCode = keyof typeof OPINIONS;

/** Of what kind an opinion is; lawful, rural-road and facility-farmland have none. */
export const KINDS = {
  'used-before-approval': { of: 'suspected-illegal', zh: '未批先用', en: 'Used before approval' },
  'beyond-approval': { of: 'suspected-illegal', zh: '批少占多', en: 'More taken than approved' },
  'elsewhere-than-approved': { of: 'suspected-illegal', zh: '批东占西', en: 'Taken elsewhere than approved' },
  'used-before-supply': { of: 'suspected-illegal', zh: '未供先用', en: 'Used before land was supplied' },
  'temporary-overdue': { of: 'suspected-illegal', zh: '临时超期', en: 'Temporary land past its expiry' },
  'document-expired': { of: 'suspected-illegal', zh: '证照过期', en: 'Document had expired' },
  'outside-document-scope': { of: 'suspected-illegal', zh: '批件不适用', en: 'Document cannot cure this zone or use' },
  'beyond-licence': { of: 'suspected-illegal', zh: '越界开采', en: 'Mined beyond the licence boundary' },
  'non-grain': { of: 'suspected-illegal', zh: '非粮化', en: 'Farmland out of grain' },
  'non-grain-to-rectify': { of: 'other', zh: '非粮化待整改', en: 'Farmland out of grain, to be put right' },
  'already-built-up': { of: 'other', zh: '原为建设用地', en: 'Was built-up land before' },
  'no-document-needed': { of: 'other', zh: '无需审批', en: 'No document is needed' },
  'below-minimum-area': { of: 'other', zh: '小于最小面积', en: 'Below minimum area' },
  'evidence-incomplete': { of: 'in-doubt', zh: '证据图层不全', en: 'An evidence layer is missing or not up to date' },
  'dated-inside-onset': { of: 'in-doubt', zh: '批准时间在变化区间内', en: 'Dated inside the onset interval' },
  'document-undated': { of: 'in-doubt', zh: '批件无日期', en: 'Document without a date' },
  'expiry-unclear': { of: 'in-doubt', zh: '有效期不明', en: 'Not clear whether the document was still valid' },
  'condition-unproven': { of: 'in-doubt', zh: '附条件待证', en: 'A condition of the rule is not proven' },
  'ground-unknown': { of: 'in-doubt', zh: '变化前地类不明', en: 'Not known what the ground was before' },
  'cannot-be-told': { of: 'in-doubt', zh: '影像无法判定', en: 'Cannot be told from images' },
} as const satisfies Record<string, Label & { of: OpinionCode }>;
export type Kind = keyof typeof KINDS;
export type DoubtKind = { [K in Kind]: (typeof KINDS)[K]['of'] extends 'in-doubt' ? K : never }[Kind];

/** In the order in which they are named where two weigh the same. */
export const DOUBT_KINDS = Object.keys(KINDS).filter((kind) => KINDS[kind as Kind].of === 'in-doubt') as DoubtKind[];
