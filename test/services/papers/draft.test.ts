import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type DraftAsked, draftPaper } from '../../../services/papers/draft.ts';
import { FIELDS } from '../../../services/papers/fields.ts';
import { blank } from '../../../services/papers/filled.ts';
import { listPapers } from '../../../services/papers/list.ts';
import { SHIPPED } from '../../../services/papers/templates.ts';
import type { Store } from '../../../services/store/open.ts';
import { docxText, pythonMissing } from '../../support/docx-text.ts';
import { plantPatch } from '../../support/patches.ts';
import { pdfText } from '../../support/pdf-text.ts';
import { picture } from '../../support/photos.ts';
import { plantCase } from '../../support/planted-case.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const at = new Date('2025-09-10T02:00:00Z');
const said = {
  office: '衡阳市自然资源和规划局',
  addressee: '衡阳县人民政府',
  contact: '李明 0734-0000000',
  demand: '拆除地上建筑物并恢复耕种条件',
  'reply-by': '2025年9月30日',
  grounds: '占用永久基本农田数量较大',
};

/** Only what the kind's template asks for: the rest would be refused by nobody, but reads odd. */
function asked(kind: string, names: string[], given: Partial<DraftAsked> = {}): DraftAsked {
  const pictures = async (_: string, which: string) =>
    (await picture(which === 'before' ? 1 : 2, 64, 64)).png().toBuffer();
  return { kind, names, format: 'docx', actor: '李明', at, given: said, pictures, ...given };
}

/** The paper's text, a line a paragraph or cell. */
function wordsOf(bytes: Uint8Array): string {
  const { parts } = docxText(bytes);
  return `${[...parts['header1'], ...parts['document']].join('\n').trim()}\n`;
}

function golden(kind: string): string {
  return readFileSync(fileURLToPath(new URL(`golden/${kind}.txt`, import.meta.url)), 'utf8');
}

describeOnBothStores('drafting a paper', (openFresh) => {
  it.skipIf(pythonMissing)('says what is on record, word for word, in each of the standard papers', async () => {
    const store = await openFresh();
    const { caseId, number } = await plantCase(store);
    for (const { kind, takes } of SHIPPED) {
      const { bytes } = await draftPaper(store, asked(kind, [takes === 'case' ? caseId : number]));
      expect(wordsOf(bytes).replaceAll(caseId, 'CASE'), kind).toBe(golden(kind));
    }
  });

  it('gives the same bytes for the same record, and keeps one draft of it', async () => {
    const store = await openFresh();
    const { number } = await plantCase(store);
    for (const format of ['docx', 'pdf'] as const) {
      const once = await draftPaper(store, asked('verification-form', [number], { format }));
      const again = await draftPaper(store, asked('verification-form', [number], { format }));
      expect(Buffer.compare(once.bytes, again.bytes)).toBe(0);
      expect(again.id).toBe(once.id);
    }
    expect(await listPapers(store, {})).toHaveLength(2);
  });

  it.skipIf(pythonMissing)('carries no time but its own, and numbers its pictures from one', async () => {
    const store = await openFresh();
    const { number } = await plantCase(store);
    await draftPaper(store, asked('verification-form', [number], { actor: '赵敏' }));
    const { times, drawings, faults } = docxText((await draftPaper(store, asked('verification-form', [number]))).bytes);
    expect({ times, drawings, faults }).toEqual({ times: ['(1980, 1, 1, 0, 0, 0)'], drawings: ['1', '2'], faults: [] });
  });

  it('keeps of what versions of the record, and by which template, it was filled', async () => {
    const store = await openFresh();
    const { caseId, patchId, number } = await plantCase(store);
    const drafted = await draftPaper(store, asked('referral-letter', [caseId]));
    const [listed] = await listPapers(store, { district: '430421' });
    expect(listed).toMatchObject({ id: drafted.id, kind: 'referral-letter', subject: 'case', sha256: drafted.sha256 });
    expect(listed).toMatchObject({ templateSha256: drafted.templateSha256, draftedBy: '李明', issue: null });
    expect(listed.step).toEqual({ subject: 'case', action: 'hand-over' });
    const { version } = (await store.db
      .selectFrom('patches')
      .selectAll()
      .where('id', '=', patchId)
      .executeTakeFirst())!;
    expect(listed.record.patches).toEqual([{ id: patchId, number, version, opinion: expect.any(String) }]);
    expect(listed.record.case).toEqual({ id: caseId, version: 4 });
    expect(await listPapers(store, { district: '4305' })).toEqual([]);
  });
});

describeOnBothStores('what is not on record', (openFresh) => {
  it('is a visible blank and listed, and never guessed', async () => {
    const store = await openFresh();
    await plantPatch(store, { areaM2: 800 });
    const given = { given: {}, format: 'pdf' as const };
    const { bytes, missing } = await draftPaper(store, asked('verification-form', ['4304212025060001'], given));
    const text = pdfText(bytes).pages.flat().join('').replace(/\s/g, '');
    expect(missing.map(({ field }) => field)).toEqual(
      expect.arrayContaining([
        'patch.farmland',
        'patch.red-line',
        'opinion.words',
        'judgement.words',
        'occupier',
        'office',
      ]),
    );
    for (const { label } of missing) expect(text).toContain(blank(label));
    expect(text).not.toMatch(/undefined|null|NaN/);
    // What is known stands there.
    expect(text).toContain('800.00平方米（1.20亩）');
  });

  it('may be said by the drafter, but what is on record may not be said otherwise', async () => {
    const store = await openFresh();
    const { number } = await plantCase(store);
    const form = (given: Record<string, string>) => draftPaper(store, asked('verification-form', [number], { given }));
    expect((await form({ office: '某局' })).missing.map(({ field }) => field)).not.toContain('office');
    await expect(form({ 'patch.area': '1 亩' })).rejects.toThrow(
      /patch\.area \(图斑面积\) is 2,000\.00 平方米.* on record/,
    );
    await expect(form({ nothing: 'x' })).rejects.toThrow(/no field 'nothing'.*office/);
    await expect(form({ 'issue.number': '1号' })).rejects.toThrow(/no field 'issue.number'/);
  });

  it('is never half a list: a date that one of two patches lacks is a blank', async () => {
    const store = await openFresh();
    const { number } = await plantCase(store);
    await plantPatch(store, { areaM2: 100 });
    const { missing } = await draftPaper(store, asked('reminder-letter', [number, '4304212025060002']));
    expect(missing.map(({ field }) => field)).toEqual(expect.arrayContaining(['patch.farmland', 'opinion.cited']));
  });

  it('are pictures where a patch has none', async () => {
    const store = await openFresh();
    const { number } = await plantCase(store);
    const { missing } = await draftPaper(store, {
      ...asked('verification-form', [number]),
      pictures: undefined as never,
    });
    expect(missing.at(-1)?.field === 'pictures' || missing.some(({ field }) => field === 'pictures')).toBe(true);
  });
});

describeOnBothStores('a paper is refused', (openFresh) => {
  it('about what it does not take, naming what it does', async () => {
    const store = await openFresh();
    const { number, patchId } = await plantCase(store);
    await plantPatch(store, { district: '430422' });
    const draft = (kind: string, names: string[]) => draftPaper(store, asked(kind, names));
    await expect(draft('verification-form', [number, '4304222025060001'])).rejects.toThrow(/one patch; got 2/);
    await expect(draft('reminder-letter', [number, '4304222025060001'])).rejects.toThrow(/430421, 430422/);
    await expect(draft('reminder-letter', ['none'])).rejects.toThrow('There is no patch none.');
    await expect(draft('referral-letter', ['none'])).rejects.toThrow('There is no case none.');
    await expect(draft('love-letter', [number])).rejects.toThrow(
      /no paper 'love-letter'; known are .*reminder-letter（提示函）/,
    );
    // By a patch that lies in one case, the case is known.
    expect((await draft('referral-letter', [patchId])).kind).toBe('referral-letter');
    const elsewhere = { ...asked('verification-form', [number]), within: '430422' };
    await expect(draftPaper(store, elsewhere)).rejects.toThrow(`There is no patch ${number}.`);
  });
});

describe('hostile names', () => {
  const names = [
    'a\nb\r\nc\u2028d',
    '</w:t></w:r><w:t>&amp;"\'<!--',
    '\u202egnitrats\u202c \u0627\u0644 \u05d0',
    '长'.repeat(10_000),
    `{{issue.number}}\ue000\u0000\u0007\ud800\ufffe{{office}}`,
    '（待填：伪造）',
    ' ',
  ];

  describeOnBothStores('break neither DOCX nor PDF', (openFresh) => {
    it.skipIf(pythonMissing)(
      'and change nothing else of the paper',
      async () => {
        const store: Store = await openFresh();
        const { number, caseId } = await plantCase(store, { district: names[1], occupier: names[2] });
        for (const [k, name] of names.entries()) {
          const given = { ...said, office: name, demand: name, addressee: name, grounds: name };
          const [kind, about] = k % 2 === 0 ? ['referral-letter', caseId] : ['reminder-letter', number];
          const docx = docxText((await draftPaper(store, asked(kind, [about], { given }))).bytes);
          const words = docx.parts['document'].join('\n');
          expect(docx.faults).toEqual([]);
          expect(words).toContain('附件：1. ');
          expect(words).toContain('（待填：签发日期）');
          expect(words).not.toMatch(/[\u202e\ue000\ufffe]/);
          const pdf = pdfText((await draftPaper(store, asked(kind, [about], { given, format: 'pdf' }))).bytes);
          expect(pdf.boxes).toBe(0);
          expect(pdf.pages.every((lines) => lines.includes('草稿'))).toBe(true);
        }
      },
      60_000,
    );
  });
});

describe('fields', () => {
  it('each have a name in Chinese and English of their own', () => {
    const labels = Object.values(FIELDS).map(({ label }) => label.zh);
    expect(new Set(labels).size).toBe(labels.length);
    expect(Object.values(FIELDS).every(({ label }) => label.en.length > 0)).toBe(true);
  });
});
