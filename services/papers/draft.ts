import { ImageryError } from '../../imagery/error.ts';
import { ServiceError } from '../error.ts';
import { sha256Of } from '../sha256.ts';
import type { Store } from '../store/open.ts';
import { insertPaper, keepPaperBytes } from '../store/papers.ts';
import { dayText } from './field.ts';
import { fillPaper } from './fill.ts';
import type { FilledPaper, FilledPicture } from './filled.ts';
import { type PaperRecord, readRecord, versionOf } from './record.ts';
import { renderPaper } from './render.ts';
import { templateAt } from './templates.ts';

export type PaperFormat = 'docx' | 'pdf';

/** PNG of a patch before and after; rejects with ServiceError not-found where it has none. */
export type PatchPictures = (patchId: string, which: 'before' | 'after') => Promise<Uint8Array>;

export interface DraftAsked {
  kind: string;
  /** Numbers or ids of patches, or the id of a case, or a patch that lies in one case only. */
  names: readonly string[];
  format: PaperFormat;
  actor: string;
  at: Date;
  /** What the drafter says of fields that the record does not have. */
  given?: Readonly<Record<string, string>>;
  /** District code prefix that the drafter may see; '' = all. */
  within?: string;
  pictures?: PatchPictures;
}

export interface Drafted {
  id: string;
  kind: string;
  /** The step of the lifecycle that its issue belongs to, or null. */
  step: { subject: 'patch' | 'case'; action: string } | null;
  templateSha256: string;
  missing: FilledPaper['missing'];
  format: PaperFormat;
  sha256: string;
  bytes: Uint8Array;
}

/**
 * Fills a paper from the record, keeps the draft and gives its file. The same record, template, form, drafter and moment
 * give the same draft to the byte.
 * @throws ServiceError bad-input, not-found as templateAt, readRecord and fillPaper
 */
export async function draftPaper(store: Store, asked: DraftAsked): Promise<Drafted> {
  const { kind, names, format, actor, at, given = {}, within = '' } = asked;
  if (actor.trim() === '') throw new ServiceError('bad-input', 'A paper is drafted by a person; got no name.');
  const { template, sha256: templateSha256 } = await templateAt(store, kind, at);
  const record = await readRecord(store, template, names, { at, within });
  const wanted = template.blocks.some(({ block }) => block === 'pictures');
  const pictures = new Map<string, Uint8Array>();
  const shown = wanted ? await readPictures(record, asked.pictures, pictures) : new Map();
  const paper = fillPaper({ template, record, given, pictures: shown });
  const recordJson = JSON.stringify(versionOf(record));
  const filledJson = JSON.stringify(paper);
  const subject = record.case ? ('case' as const) : ('patch' as const);
  const subjectId = record.case?.row.id ?? record.patches[0].detail.patch.id;
  const said = { kind, templateSha256, subject, subjectId, district: record.district, recordJson, filledJson, format };
  const row = { ...said, draftedBy: actor, draftedAt: at.toISOString() };
  const id = sha256Of(JSON.stringify(row)).slice(0, 16);
  const bytes = await renderPaper({ ...row, id }, pictures, null);
  const sha256 = sha256Of(bytes);
  await store.db.transaction().execute(async (trx) => {
    await keepPaperBytes(
      trx,
      [...pictures].map(([hash, png]) => ({ sha256: hash, bytes: png })),
    );
    await insertPaper(trx, { id, ...row, sha256 });
  });
  return { id, kind, step: template.step, templateSha256, missing: paper.missing, format, sha256, bytes };
}

async function readPictures(
  record: PaperRecord,
  read: PatchPictures | undefined,
  kept: Map<string, Uint8Array>,
): Promise<Map<string, FilledPicture[] | null>> {
  const shown = new Map<string, FilledPicture[] | null>();
  for (const { detail } of record.patches) {
    const dates = { before: detail.detection.beforeDate, after: detail.detection.afterDate };
    const row: FilledPicture[] = [];
    for (const [which, name] of [
      ['before', '前时相'],
      ['after', '后时相'],
    ] as const) {
      const png = await read?.(detail.patch.id, which).catch(absent);
      if (!png) continue;
      const sha256 = sha256Of(png);
      kept.set(sha256, png);
      row.push({ sha256, caption: `${name} ${dayText(dates[which])}　图斑 ${detail.patch.number}` });
    }
    shown.set(detail.patch.id, row.length === 2 ? row : null);
  }
  return shown;
}

/** A patch of a file has no images, and an image's file may be gone: the paper says so with a blank. */
function absent(error: unknown): null {
  if (error instanceof ServiceError && error.code === 'not-found') return null;
  if (error instanceof ImageryError) return null;
  throw error;
}
