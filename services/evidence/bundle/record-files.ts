import { stateOf } from '../../lifecycle/transitions.ts';
import { MU_PER_M2 } from '../../queue/detail.ts';
import type { ChainedEventRow } from '../../store/audit.ts';
import type { BundleWriter } from './bundle-writer.ts';
import type { PatchRecord } from './record.ts';

/** An event with all its columns, in the order in which they are hashed. */
export type BundledEvent = Pick<
  ChainedEventRow,
  | 'seq'
  | 'id'
  | 'subject'
  | 'subjectId'
  | 'district'
  | 'action'
  | 'fromState'
  | 'toState'
  | 'actor'
  | 'reason'
  | 'payloadJson'
  | 'at'
  | 'prevHash'
  | 'hash'
>;

export const HISTORY = {
  zh: '办理历史：谁、何时、为何、所见，及链式哈希',
  en: 'history: who, when, why and what they saw, with the chain’s hashes',
};

/** What the record says of the patch itself: figures, detection, history, coverage, lineage, cases. */
export async function addRecordFiles(bundle: BundleWriter, record: PatchRecord): Promise<void> {
  const { detail, coverage, anchors, lineage, events } = record;
  await bundle.addJson('patch.json', patchFacts(record), { zh: '图斑基本情况', en: 'the patch' });
  const { evidence, geometry, ...detection } = detail.detection;
  await bundle.addJson(
    'detection.json',
    { ...detection, evidence, geometry },
    {
      zh: '检测记录：影像、像元、特征、检测器版本（编号由内容得出）',
      en: 'the detection: scenes, pixels, features, detector (its id follows from the content)',
    },
  );
  await bundle.addJson('history.json', events.map(bundledEvent), HISTORY);
  await bundle.addJson(
    'audit.json',
    { head: anchors.head, anchors: anchors.kept },
    {
      zh: '审计链末端与已设锚点',
      en: 'where the audit chain stood, and its anchors',
    },
  );
  await bundle.addJson(
    'coverage.json',
    { month: detail.patch.month, district: coverage },
    {
      zh: '当月影像观测情况',
      en: 'how much of the district was observed in the month',
    },
  );
  await bundle.addJson(
    'lineage.json',
    { ...lineage, samePlace: detail.samePlace },
    {
      zh: '拆分合并关系与同一地点的其他图斑',
      en: 'splits and merges, and other patches of the same place',
    },
  );
  const cases = detail.cases.map(({ id, title, state, district }) => ({ id, title, state, district }));
  await bundle.addJson('cases.json', cases, { zh: '所属案件', en: 'the cases that cover it' });
}

export function bundledEvent(row: ChainedEventRow): BundledEvent {
  const { id, subject, subjectId, district, action, fromState, toState, actor, reason, payloadJson, at } = row;
  const { prevHash, hash } = row;
  const columns = { id, subject, subjectId, district, action, fromState, toState, actor, reason, payloadJson, at };
  return { seq: Number(row.seq), ...columns, prevHash, hash };
}

function patchFacts({ detail }: PatchRecord): object {
  const { patch, districtName, areaMu, judgement, detection } = detail;
  return {
    ...{ id: patch.id, number: patch.number, placeId: patch.placeId, detectionId: patch.detectionId },
    ...{ month: patch.month, district: patch.district, districtName, type: patch.type },
    areaM2: patch.areaM2,
    areaMu,
    muPerM2: MU_PER_M2,
    onset: { lastUnchanged: detection.beforeDate, firstChanged: detection.afterDate },
    ...{ score: patch.score, observedFraction: detection.observedFraction },
    ...{ state: patch.state, stateLabel: stateOf('patch', patch.state).label, judgement },
    ...{ dueAt: patch.dueAt, version: patch.version, createdAt: patch.createdAt, updatedAt: patch.updatedAt },
  };
}
