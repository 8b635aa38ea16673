import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sceneHash } from '../../imagery/file-hash.ts';
import { ServiceError } from '../error.ts';
import { BundleWriter } from '../evidence/bundle/bundle-writer.ts';
import { historyRows } from '../evidence/bundle/history-words.ts';
import type { Missing } from '../evidence/bundle/manifest.ts';
import { addPapers, type BundledPaper, PAPER_KINDS } from '../evidence/bundle/paper-files.ts';
import { bundledEvent, HISTORY } from '../evidence/bundle/record-files.ts';
import { writeBundle } from '../evidence/bundle/write-bundle.ts';
import { workspaceKey } from '../field/pack/workspace-key.ts';
import { areaWords } from '../legality/explain.ts';
import { LIFECYCLE_EDITION, stateOf } from '../lifecycle/transitions.ts';
import { localTime } from '../local-time.ts';
import { printPdf } from '../print/paper.ts';
import { type ChainedEventRow, headBefore, listAnchors } from '../store/audit.ts';
import { chainedEventsOf, patchesOfCase } from '../store/bundle-rows.ts';
import { type CaseRow, findCase } from '../store/cases.ts';
import { insertPackage } from '../store/handovers.ts';
import type { Store } from '../store/open.ts';
import { findPatch, type PatchRow } from '../store/patches.ts';
import { onOneState } from '../store/view.ts';
import { type Receiver, receiverNamed } from './receivers.ts';

export interface PrepareRequest {
  caseId: string;
  /** Code of the receiver. */
  to: string;
  path: string;
  actor: string;
  at: Date;
  onProgress?: (done: number, total: number) => void;
}

export interface Prepared {
  /** sha256 of the manifest. */
  id: string;
  /** Of the file, which the case's step will name. */
  sha256: string;
  receiver: string;
  patches: number;
  files: number;
  missing: Missing[];
}

/** A case as of one moment. */
interface CaseRecord {
  row: CaseRow;
  events: ChainedEventRow[];
  patches: PatchRow[];
  head: Awaited<ReturnType<typeof headBefore>>;
  anchors: Awaited<ReturnType<typeof listAnchors>>;
}

/** A patch's line in the covering list. */
interface Enclosed {
  number: string;
  district: string;
  areaM2: number;
  name: string;
  /** sha256 of the patch's manifest. */
  manifest: string;
  missing: number;
}

/**
 * Writes the package of a case for a receiver (移交): the bundle of every patch, the case's history, its papers and a
 * covering list, signed; and notes its hash. Nothing goes out by this: that is sendHandOver's.
 * @throws ServiceError not-found; bad-input where the receiver is not known or the case covers no patch
 */
export async function prepareHandOver(store: Store, home: string, request: PrepareRequest): Promise<Prepared> {
  const { caseId, path, actor, at, onProgress = () => {} } = request;
  const receiver = receiverNamed(request.to);
  const record = await readCase(store, caseId);
  const key = await workspaceKey(home);
  const bundle = await BundleWriter.create(path);
  const folder = await mkdtemp(join(tmpdir(), 'tuban-handover-'));
  try {
    const enclosed: Enclosed[] = [];
    for (const patch of record.patches) {
      enclosed.push(await enclose(store, home, bundle, patch, { folder, actor, at }));
      onProgress(enclosed.length, record.patches.length);
    }
    const { papers, missing } = await addPapers(bundle, store, home, [{ subject: 'case', id: caseId }]);
    await addCaseFiles(bundle, record, receiver, enclosed);
    const cover = { record, receiver, enclosed, papers, missing, actor, at, signedBy: key.id };
    await bundle.add('covering-list.pdf', await printCover(cover), { zh: '移交清单', en: 'covering list' });
    const head = {
      ...{ kind: 'hand-over' as const, subject: caseId, at: at.toISOString(), askedBy: actor },
      versions: { lifecycle: LIFECYCLE_EDITION, receiver: receiver.code },
      notes: [
        {
          zh: '每个图斑一个证据包，在 patches 目录，可单独校验。时间：UTC；日期：北京时间。',
          en: 'A bundle for each patch lies in patches/, to be checked by itself. Times: UTC; days: Asia/Shanghai.',
        },
      ],
      missing,
    };
    const id = await bundle.seal(head, key);
    const prepared = { id, receiver: receiver.code, patches: enclosed.length, files: bundle.files.length, missing };
    return { ...prepared, sha256: await notePackage(store, record, prepared, request) };
  } catch (error) {
    await bundle.abandon();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readCase(store: Store, caseId: string): Promise<CaseRecord> {
  return onOneState(store.db, async (db) => {
    const row = await findCase(db, caseId);
    if (row === null) throw new ServiceError('not-found', `There is no case ${caseId}.`);
    const patches: PatchRow[] = [];
    for (const id of await patchesOfCase(db, caseId)) patches.push((await findPatch(db, id))!);
    if (patches.length === 0) {
      throw new ServiceError('bad-input', `The case ${caseId} covers no patch, so there is nothing to hand over.`);
    }
    const events = await chainedEventsOf(db, 'case', caseId);
    const head = await headBefore(db, Number.MAX_SAFE_INTEGER);
    patches.sort((a, b) => (a.number < b.number ? -1 : 1));
    return { row, events, patches, head, anchors: await listAnchors(db) };
  });
}

async function enclose(
  store: Store,
  home: string,
  bundle: BundleWriter,
  patch: PatchRow,
  { folder, actor, at }: { folder: string; actor: string; at: Date },
): Promise<Enclosed> {
  const path = join(folder, `${patch.id}.zip`);
  const written = await writeBundle(store, home, { patch: patch.id, path, askedBy: actor, at });
  const name = `patches/${patch.number}.zip`;
  await bundle.addFile(name, path, { zh: `图斑 ${patch.number} 证据包`, en: `evidence of patch ${patch.number}` });
  await rm(path);
  const { number, district, areaM2 } = patch;
  return { number, district, areaM2, name, manifest: written.id, missing: written.missing.length };
}

async function addCaseFiles(
  bundle: BundleWriter,
  { row, events, head, anchors }: CaseRecord,
  receiver: Receiver,
  enclosed: readonly Enclosed[],
): Promise<void> {
  const stateLabel = stateOf('case', row.state).label;
  const { code, zh, en } = receiver;
  await bundle.addJson('case.json', { ...row, stateLabel, receiver: { code, zh, en } }, { zh: '案件', en: 'the case' });
  await bundle.addJson('history.json', events.map(bundledEvent), HISTORY);
  await bundle.addJson(
    'audit.json',
    { head, anchors },
    { zh: '审计链末端与已设锚点', en: 'the audit chain and its anchors' },
  );
  await bundle.addJson('covering-list.json', enclosed, { zh: '移交清单数据', en: 'the covering list as data' });
}

async function notePackage(
  store: Store,
  { row }: CaseRecord,
  { id, patches }: Pick<Prepared, 'id' | 'patches'>,
  { path, to, actor, at }: PrepareRequest,
): Promise<string> {
  const sha256 = await sceneHash(path, { anew: true });
  const { size: bytes } = await stat(path);
  const about = { caseId: row.id, district: row.district, receiver: to, fileName: path.split(/[/\\]/).at(-1)! };
  const made = { preparedAt: at.toISOString(), preparedBy: actor };
  await insertPackage(store.db, { id, ...about, sha256, bytes, patches, ...made });
  return sha256;
}

interface Cover {
  record: CaseRecord;
  receiver: Receiver;
  enclosed: readonly Enclosed[];
  papers: readonly BundledPaper[];
  missing: readonly Missing[];
  actor: string;
  at: Date;
  signedBy: string;
}

function printCover({ record, receiver, enclosed, papers, missing, actor, at, signedBy }: Cover): Promise<Uint8Array> {
  const { row, events } = record;
  const meta = { title: `案件移交清单 ${row.id}`, at, footer: `由 ${signedBy} 签名的移交材料之一部分` };
  return printPdf(meta, (paper) => {
    paper.title('案件移交清单', `${row.title} · ${localTime(at.toISOString())}（北京时间）`);
    const total = enclosed.reduce((sum, { areaM2 }) => sum + areaM2, 0);
    paper.facts([
      ['案件编号', row.id],
      ['案由', row.title],
      ['案件状态', stateOf('case', row.state).label.zh],
      ['移交机关（接收）', receiver.zh],
      ['经办人', actor],
      ['图斑', `${enclosed.length} 个，${areaWords(total, 'zh')}`],
    ]);
    paper.heading('一、图斑证据包');
    paper.table({
      columns: [
        { title: '序号', width: 0.7, align: 'right' },
        { title: '图斑编号', width: 2.2 },
        { title: '面积', width: 2.6 },
        { title: '清单 sha256', width: 5 },
        { title: '缺失事项', width: 1, align: 'right' },
      ],
      rows: enclosed.map((one, i) => [
        String(i + 1),
        one.number,
        areaWords(one.areaM2, 'zh'),
        one.manifest,
        String(one.missing),
      ]),
    });
    paper.heading('二、随案材料');
    if (papers.length === 0) paper.paragraph('无。');
    else
      paper.table({
        columns: [
          { title: '种类', width: 1.4 },
          { title: '提交人', width: 1.6 },
          { title: '收到', width: 1.7 },
          { title: '文件', width: 2.4 },
          { title: 'sha256', width: 4 },
        ],
        rows: papers.map((one) => [
          PAPER_KINDS[one.kind].zh,
          one.from,
          localTime(one.addedAt),
          one.fileName,
          one.sha256,
        ]),
      });
    paper.heading('三、案件办理历史');
    paper.table({
      columns: [
        { title: '序号', width: 0.8, align: 'right' },
        { title: '时间（北京）', width: 1.9 },
        { title: '步骤', width: 1.7 },
        { title: '状态', width: 1.7 },
        { title: '办理人', width: 1.2 },
        { title: '理由与所见', width: 3 },
        { title: '链式哈希', width: 1.8 },
      ],
      rows: historyRows(events),
    });
    if (missing.length > 0) {
      paper.heading('四、缺失事项');
      for (const { what, why } of missing) paper.paragraph(`${what}：${why.zh}`);
    }
    paper.signature([
      `移交单位（盖章）：`,
      `经办人：${actor}`,
      `接收单位（盖章）：${receiver.zh}`,
      '接收人：',
      '接收日期：',
    ]);
  });
}
