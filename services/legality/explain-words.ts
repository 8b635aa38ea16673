import { changeTypes } from '../../detectors/change-type.ts';
import type { Label } from '../lifecycle/label.ts';
import type { InstrumentKind } from '../zones/layer-roles.ts';
import type { Opinion, Step, TimeStanding } from './opinion.ts';
import type { Use } from './rule-set.ts';
import type { Vouching } from './vouching.ts';

/** Words for the codes in an opinion. */

export const TYPE_WORDS: Readonly<Record<string, Label>> = changeTypes;

export const USE_WORDS: Readonly<Record<Use, Label>> = {
  construction: { zh: '建设', en: 'construction' },
  'non-grain': { zh: '非粮', en: 'out of grain' },
  planting: { zh: '种植（作物或林木，影像难辨）', en: 'planting (crops or trees: images cannot tell)' },
  clearing: { zh: '植被清除（收割或剥离，影像难辨）', en: 'clearing (harvest or stripping: images cannot tell)' },
  undetermined: { zh: '待判', en: 'undetermined' },
};

export const BUILT_WORDS: Readonly<Record<Exclude<Opinion['built'], null>, Label>> = {
  new: { zh: '新增', en: 'new' },
  old: { zh: '存量', en: 'old' },
  straddles: { zh: '跨界点，待查', en: 'the interval holds the cut-off: to be found out' },
};

export const RESULT_WORDS: Readonly<Record<Step['result'], Label>> = {
  passed: { zh: '通过', en: 'passed' },
  failed: { zh: '不通过', en: 'not passed' },
  'in-doubt': { zh: '存疑', en: 'in doubt' },
  'not-reached': { zh: '未到', en: 'not reached' },
};

export const TIME_WORDS: Readonly<Record<TimeStanding, Label>> = {
  valid: { zh: '时间有效', en: 'valid in time' },
  late: { zh: '晚于变化', en: 'issued after the change' },
  expired: { zh: '已过期', en: 'expired' },
  'dated-inside-onset': { zh: '日期在变化区间内', en: 'dated inside the onset interval' },
  'document-undated': { zh: '无日期', en: 'without a date' },
  'expiry-unclear': { zh: '有效期不明', en: 'term unclear' },
};

export const STANDING_WORDS: Readonly<Record<Vouching, Label>> = {
  vouched: { zh: '可用', en: 'vouches' },
  absent: { zh: '缺', en: 'absent' },
  'not-covering': { zh: '未覆盖本区', en: 'does not cover the district' },
  'completeness-unknown': { zh: '完整日期不明', en: 'completeness unknown' },
  stale: { zh: '早于后时相', en: 'older than the later image' },
};

export const ESTABLISHED_WORDS: Readonly<Record<string, Label>> = {
  ruralRoad: { zh: '实地认定：农村道路', en: 'Established on site: rural road' },
  facilityFarmland: { zh: '实地认定：设施农用地', en: 'Established on site: facility farmland' },
  builtBefore: { zh: '实地认定：不晚于', en: 'Established on site: built by' },
  occupiedUnder: { zh: '依批件在用', en: 'Occupied by the terms of' },
};

export const INSTRUMENT_WORDS: Readonly<Record<InstrumentKind, Label>> = {
  approval: { zh: '批文', en: 'Approval' },
  'land-supply': { zh: '供地', en: 'Land supply' },
  registration: { zh: '登记', en: 'Registration' },
  'quota-link': { zh: '增减挂钩', en: 'Quota link' },
  'facility-farmland': { zh: '设施农用地备案', en: 'Facility farmland record' },
  'temporary-land': { zh: '临时用地', en: 'Temporary land' },
  homestead: { zh: '宅基地', en: 'Homestead' },
  'mining-licence': { zh: '采矿权', en: 'Mining licence' },
  'balance-plan': { zh: '进出平衡方案', en: 'In-out balance plan' },
  'red-line-finding': { zh: '有限人为活动认定', en: 'Finding of limited human activity' },
  'national-project': { zh: '国家重大项目', en: 'National project' },
  'water-permit': { zh: '涉河许可', en: 'Water-affairs permit' },
};
