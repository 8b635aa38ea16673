import { areaWords, verdictWords } from '../../legality/explain.ts';
import type { Difference } from '../../legality/late-document.ts';
import { parseRuleSet } from '../../legality/read-rule-set.ts';
import { opinionOf } from '../../legality/recorded.ts';
import { nameOf } from '../../legality/rule-set.ts';
import { judgementOf } from '../../lifecycle/judgements.ts';
import { stateOf } from '../../lifecycle/transitions.ts';
import { localTime } from '../../local-time.ts';
import { type Paper, printPdf } from '../../print/paper.ts';
import { CHANGE_TYPES } from '../../queue/change-types.ts';
import type { ManifestHead } from './bundle-writer.ts';
import { differenceWords } from './difference-words.ts';
import { crsWords, gaussKrugerZone } from './geometry-files.ts';
import { historyRows } from './history-words.ts';
import type { Manifest } from './manifest.ts';
import { drawOpinionTables } from './opinion-tables.ts';
import type { OverlapLine } from './overlap-table.ts';
import { type BundledPaper, PAPER_KINDS } from './paper-files.ts';
import type { BundledPhoto } from './photo-files.ts';
import type { Pictures } from './picture-files.ts';
import type { PatchRecord } from './record.ts';
import type { ComparedScene } from './scene-files.ts';

/** All that the report tells of. */
export interface Report {
  record: PatchRecord;
  scenes: readonly ComparedScene[];
  pictures: Pictures | null;
  overlaps: readonly OverlapLine[];
  photos: readonly BundledPhoto[];
  papers: readonly BundledPaper[];
  head: ManifestHead;
  files: readonly Manifest['files'][number][];
  signedBy: string;
  at: Date;
}

const SCENE_STATES: Readonly<Record<ComparedScene['state'], string>> = {
  whole: '完好',
  missing: '缺失',
  changed: '内容已变，不采信',
  unreadable: '无法读取',
};

/** The report of a bundle, A4, Chinese. */
export function printReport(report: Report): Promise<Uint8Array> {
  const { record, at } = report;
  const { patch } = record.detail;
  const meta = { title: `图斑证据报告 ${patch.number}`, at, footer: `由 ${report.signedBy} 签名的证据包之一部分` };
  return printPdf(meta, (paper) => {
    const numbered = withNumbers(paper);
    const under = `${record.detail.districtName} · ${patch.month} · 生成于 ${localTime(at.toISOString())}（北京时间）`;
    paper.title(`图斑证据报告 ${patch.number}`, under);
    drawFacts(paper, report);
    drawPictures(numbered, report);
    drawOverlaps(numbered, report);
    drawOpinion(numbered, report);
    drawPhotos(numbered, report);
    drawPapers(numbered, report);
    drawHistory(numbered, report);
    drawScenes(numbered, report);
    drawMissing(numbered, report);
    drawHashes(numbered, report);
  });
}

const NUMERALS = '一二三四五六七八九十';

/** The same paper, its headings numbered as they come. */
function withNumbers(paper: Paper): Paper {
  let n = 0;
  return { ...paper, heading: (text) => paper.heading(`${NUMERALS[n++]}、${text}`) };
}

function drawFacts(paper: Paper, { record, head }: Report): void {
  const { detail, coverage, evidence, lineage } = record;
  const { patch, detection, judgement } = detail;
  const type = CHANGE_TYPES.find(({ code }) => code === patch.type)?.label.zh ?? patch.type;
  const { crs } = gaussKrugerZone((patch.minLon + patch.maxLon) / 2);
  const place = `${((patch.minLon + patch.maxLon) / 2).toFixed(6)}°E，${((patch.minLat + patch.maxLat) / 2).toFixed(6)}°N`;
  const kin = [
    ...lineage.parents.map(({ number }) => `来自 ${number}`),
    ...lineage.children.map(({ number }) => `分出 ${number}`),
  ];
  paper.facts([
    ['图斑编号 JCBH', patch.number],
    ['行政区', `${detail.districtName}（${patch.district}）`],
    ['变化类型', type],
    ['面积（椭球面积）', areaWords(patch.areaM2, 'zh')],
    ['变化区间', `${detection.beforeDate} 未变 → ${detection.afterDate} 已变`],
    ['中心位置', place],
    ['坐标系', `CGCS2000 经纬度（EPSG:4490）；${crsWords(crs)}`],
    ['当前状态', stateOf('patch', patch.state).label.zh],
    ['人工判定', judgement === null ? '尚未判定' : (judgementOf(judgement)?.label.zh ?? judgement)],
    [
      '检测',
      evidence === null ? '非影像检测（线索或下发批次）' : `检测器 ${evidence.detectorVersion}，编号 ${detection.id}`,
    ],
    ['本图斑可观测', `${percent(detection.observedFraction)}`],
    ...(coverage ? [['本行政区当月观测', coverageWords(coverage)] as const] : []),
    ...(kin.length > 0 ? [['拆分合并', kin.join('，')] as const] : []),
    ['索取人', head.askedBy],
  ]);
}

function drawPictures(paper: Paper, { pictures }: Report): void {
  paper.heading('影像');
  if (pictures === null) {
    paper.paragraph('没有可以出示的影像图，原因见“缺失事项”。');
    return;
  }
  const { before, after, map, beforeDate, afterDate, legend } = pictures;
  paper.pictures(
    [
      { bytes: before, caption: `前时相 ${beforeDate}` },
      { bytes: after, caption: `后时相 ${afterDate}` },
    ],
    { heightMm: 86 },
  );
  paper.paragraph('两期影像配准后按同一拉伸显示；红线为图斑范围。原始像元值见证据包 scenes 目录。');
  paper.pictures([{ bytes: map, caption: `位置图：后时相影像 ${afterDate}。${legend}` }], { heightMm: 92 });
}

function drawOverlaps(paper: Paper, { overlaps }: Report): void {
  paper.heading('压占图层');
  if (overlaps.length === 0) {
    paper.paragraph('未压占任何已导入的图层。');
    return;
  }
  paper.table({
    columns: [
      { title: '图层', width: 2.2 },
      { title: '地块', width: 2.6 },
      { title: '版本起用日', width: 1.6 },
      { title: '面积（m²）', width: 1.6, align: 'right' },
      { title: '面积（亩）', width: 1.4, align: 'right' },
      { title: '占图斑', width: 1.2, align: 'right' },
    ],
    rows: overlaps.map((line) => [
      line.layerTitle,
      [line.zone, line.zoneName].filter((word, i, all) => word !== '' && all.indexOf(word) === i).join(' '),
      line.layerValidFrom,
      line.areaM2.toFixed(2),
      line.areaMu.toFixed(4),
      percent(line.shareOfPatch),
    ]),
  });
}

function drawOpinion(paper: Paper, { record }: Report): void {
  paper.heading('合法性意见');
  const row = record.opinions.at(-1);
  if (row === undefined) {
    paper.paragraph('尚未形成合法性意见。');
    return;
  }
  const opinion = opinionOf(row);
  const name = nameOf({ id: row.ruleSetId, version: row.ruleVersion });
  const rules = record.rules.find((one) => one.name === name);
  if (rules === undefined) {
    paper.paragraph(`${verdictWords(opinion, 'zh')}（规则集 ${name}，工作区无其全文，无法逐条说明）`);
    return;
  }
  paper.facts([
    ['意见', verdictWords(opinion, 'zh')],
    ['依据', `规则 ${opinion.ruleId}，${parseRuleSet(rules.text, name).title.zh}`],
    ['形成时间', localTime(row.at)],
    ['规则集', `${name}，全文 sha256 ${rules.sha256}`],
    ['历次意见', `${record.opinions.length} 份，见 opinions.json`],
  ]);
  drawOpinionTables(paper, opinion, parseRuleSet(rules.text, name));
  paper.paragraph('影像是线索，不是证据：认定违法前须实地核查，意见由人签署。');
}

function drawPhotos(paper: Paper, { photos }: Report): void {
  paper.heading('现场照片');
  if (photos.length === 0) {
    paper.paragraph('没有外业照片。');
    return;
  }
  paper.table({
    columns: [
      { title: '原件 sha256', width: 3 },
      { title: '拍摄人', width: 1.2 },
      { title: '入库', width: 1.6 },
      { title: '签名读数', width: 1.6 },
      { title: '检验', width: 4 },
    ],
    rows: photos.map(({ sha256, takenBy, addedAt, reading, checks }) => [
      `${sha256.slice(0, 24)}…`,
      takenBy ?? '',
      localTime(addedAt),
      reading === null ? '无' : `设备 ${reading.device.id}`,
      checks.map(({ outcome, zh }) => `${CHECK_MARKS[outcome] ?? outcome} ${zh}`).join('；'),
    ]),
  });
}

const CHECK_MARKS: Readonly<Record<string, string>> = { passed: '通过', failed: '不符', 'cannot-be-told': '无法判断' };

function drawPapers(paper: Paper, { papers }: Report): void {
  if (papers.length === 0) return;
  paper.heading('陈述申辩与补充材料');
  paper.table({
    columns: [
      { title: '种类', width: 1.3 },
      { title: '提交人', width: 1.4 },
      { title: '收到', width: 1.6 },
      { title: '文件与 sha256', width: 3 },
      { title: '对意见的影响', width: 3 },
    ],
    rows: papers.map(({ kind, from, addedAt, fileName, sha256, judged, note }) => [
      PAPER_KINDS[kind].zh,
      from,
      localTime(addedAt),
      `${fileName}\n${sha256.slice(0, 18)}…`,
      judged === null ? (note ?? '—') : differenceWords(judged.differences as Difference[]),
    ]),
  });
}

function drawHistory(paper: Paper, { record }: Report): void {
  paper.heading('办理历史');
  paper.table({
    columns: [
      { title: '序号', width: 0.8, align: 'right' },
      { title: '时间（北京）', width: 1.9 },
      { title: '步骤', width: 1.7 },
      { title: '状态', width: 1.6 },
      { title: '办理人', width: 1.5 },
      { title: '理由与所见', width: 3 },
      { title: '链式哈希', width: 1.9 },
    ],
    rows: historyRows(record.events),
  });
}

function drawScenes(paper: Paper, { scenes }: Report): void {
  paper.heading('比对影像');
  if (scenes.length === 0) {
    paper.paragraph('图斑并非由影像发现，无影像对。');
    return;
  }
  paper.table({
    columns: [
      { title: '时相', width: 0.9 },
      { title: '日期', width: 1.4 },
      { title: '传感器', width: 1.3 },
      { title: 'sha256', width: 5 },
      { title: '许可', width: 1.3 },
      { title: '文件', width: 1.4 },
    ],
    rows: scenes.map(({ side, date, sensor, sha256, licence, state }) => [
      side === 'before' ? '前' : '后',
      date,
      sensor,
      sha256,
      licence ?? '未注明',
      SCENE_STATES[state],
    ]),
  });
}

function drawMissing(paper: Paper, { head }: Report): void {
  paper.heading('缺失事项');
  if (head.missing.length === 0) {
    paper.paragraph('无。');
    return;
  }
  paper.table({
    columns: [
      { title: '事项', width: 2 },
      { title: '说明', width: 5 },
    ],
    rows: head.missing.map(({ what, why }) => [what, why.zh]),
  });
}

function drawHashes(paper: Paper, { record, files, signedBy }: Report): void {
  paper.heading('文件清单与校验');
  const { head } = record.anchors;
  paper.facts([
    ['签名', `Ed25519，公钥编号 ${signedBy}，见 manifest.json 与 manifest.sig`],
    ['审计链末端', head === null ? '无' : `第 ${head.seq} 条，共 ${head.count} 条，${head.hash}`],
    ['校验方法', 'tuban evidence verify 文件名.zip（无需联网，无需工作区）'],
  ]);
  paper.table({
    columns: [
      { title: '文件', width: 4 },
      { title: '字节', width: 1.1, align: 'right' },
      { title: 'sha256', width: 5 },
    ],
    rows: files.map(({ name, bytes, sha256 }) => [name, String(bytes), sha256]),
  });
}

function percent(share: number): string {
  return `${(Math.floor(1000 * share) / 10).toFixed(1)} %`;
}

function coverageWords({ totalM2, observedM2, cloudM2, noImageM2 }: NonNullable<PatchRecord['coverage']>): string {
  const of = (m2: number) => percent(totalM2 > 0 ? m2 / totalM2 : 0);
  return `已观测 ${of(observedM2)}，云遮 ${of(cloudM2)}，无影像 ${of(noImageM2)}`;
}
