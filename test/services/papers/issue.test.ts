import { describe, expect, it } from 'vitest';
import { type DraftAsked, draftPaper } from '../../../services/papers/draft.ts';
import { issuePaper, reprintPaper } from '../../../services/papers/issue.ts';
import { listPapers } from '../../../services/papers/list.ts';
import { addTemplate, SHIPPED, templateAt } from '../../../services/papers/templates.ts';
import { sha256Of } from '../../../services/sha256.ts';
import type { Store } from '../../../services/store/open.ts';
import { docxText, pythonMissing } from '../../support/docx-text.ts';
import { pdfText } from '../../support/pdf-text.ts';
import { picture } from '../../support/photos.ts';
import { plantCase } from '../../support/planted-case.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const at = new Date('2025-09-10T02:00:00Z');
const issuedAt = new Date('2025-09-11T02:00:00Z');
const number = '衡自然资执〔2025〕12号';
/** Leaves no blank in a supervision notice but the task's number and who has it in hand. */
const given = {
  office: '衡阳市自然资源和规划局',
  addressee: '衡阳县人民政府',
  contact: '李明',
  demand: '拆除复耕',
  'reply-by': '2025年9月30日',
  'task.number': '无',
  assignee: '李明',
};

function draft(store: Store, about: string, more: Partial<DraftAsked> = {}) {
  const asked: DraftAsked = { kind: 'supervision-notice', names: [about], format: 'pdf', actor: '李明', at, given };
  return draftPaper(store, { ...asked, ...more });
}

describeOnBothStores('issuing a paper', (openFresh) => {
  it('gives it its number and date and takes the mark of a draft away; printed again it is the same to the byte', async () => {
    const store = await openFresh();
    const planted = await plantCase(store);
    for (const [k, format] of (['pdf', 'docx'] as const).entries()) {
      const { id, bytes } = await draft(store, planted.number, { format });
      const issued = await issuePaper(store, {
        id: id.slice(0, 8),
        number: `${number}${k}`,
        actor: '王强',
        at: issuedAt,
      });
      const printed = await reprintPaper(store, id);
      expect(Buffer.compare(printed.bytes, issued.bytes)).toBe(0);
      expect(Buffer.compare(printed.bytes, bytes)).not.toBe(0);
      expect(printed).toMatchObject({ number: `${number}${k}`, sha256: sha256Of(issued.bytes), format });
      const text = format === 'pdf' ? pdfText(issued.bytes).pages.flat().join('') : docxWords(issued.bytes);
      expect(text).toContain(`${number}${k}`);
      expect(text).toContain('2025年9月11日');
      expect(text).not.toMatch(/草|待填/);
    }
  });

  it('prints a draft again to the byte, though the record and the template have moved on', async () => {
    const store = await openFresh();
    const planted = await plantCase(store);
    const shown = async () => (await picture(3, 48, 48)).png().toBuffer();
    const form = { kind: 'verification-form', format: 'docx' as const, given: {}, pictures: shown };
    const { id, bytes } = await draft(store, planted.number, form);
    const [template] = SHIPPED.filter(({ kind }) => kind === 'verification-form');
    const json = JSON.stringify({ ...template, blocks: template.blocks.slice(0, 2) });
    await addTemplate(store, { json, origin: 'own.json', from: '2025-09-01', actor: '王强', at });
    const again = await reprintPaper(store, id);
    expect(Buffer.compare(again.bytes, bytes)).toBe(0);
    expect(again.number).toBeNull();
  });

  it('is refused with blanks left, unless what was completed by hand is handed in', async () => {
    const store = await openFresh();
    const planted = await plantCase(store);
    const { id } = await draft(store, planted.number, { given: {} });
    const asked = { id, number, actor: '王强', at: issuedAt };
    await expect(issuePaper(store, asked)).rejects.toThrow(/still has blanks: addressee（主送单位）/);
    const bytes = new TextEncoder().encode('scan of the stamped paper');
    await issuePaper(store, { ...asked, handedIn: { bytes, format: 'pdf' } });
    expect(new TextDecoder().decode((await reprintPaper(store, id)).bytes)).toBe('scan of the stamped paper');
    expect((await listPapers(store, {}))[0].issue).toEqual({ number, by: '王强', at: issuedAt.toISOString() });
  });

  it('happens once, and a number is one paper’s', async () => {
    const store = await openFresh();
    const planted = await plantCase(store);
    const [one, other] = [await draft(store, planted.number), await draft(store, planted.number, { actor: '赵敏' })];
    await issuePaper(store, { id: one.id, number, actor: '王强', at: issuedAt });
    const again = { actor: '王强', at: issuedAt };
    await expect(issuePaper(store, { ...again, id: one.id, number: '2号' })).rejects.toThrow(
      /was issued as 衡自然资执〔2025〕12号/,
    );
    await expect(issuePaper(store, { ...again, id: other.id, number })).rejects.toThrow(
      /number .* is that of the paper/,
    );
    await expect(issuePaper(store, { ...again, id: 'abcd0123', number: '3号' })).rejects.toThrow(
      'There is no paper abcd0123',
    );
    await expect(issuePaper(store, { ...again, id: other.id, number: ' \n' })).rejects.toThrow(/number of 1 to 100/);
  });

  it('takes the step it belongs to where that is asked, in one move with it or not at all', async () => {
    const store = await openFresh();
    const planted = await plantCase(store);
    const events = () => store.db.selectFrom('events').selectAll().where('subjectId', '=', planted.patchId).execute();
    const before = (await events()).length;
    const { id, step } = await draft(store, planted.number);
    expect(step).toEqual({ subject: 'patch', action: 'supervise' });
    const issued = await issuePaper(store, { id, number, actor: '王强', at: issuedAt, takeStep: true });
    expect(issued.taken).toBe(true);
    const last = (await events()).at(-1)!;
    expect(last).toMatchObject({ action: 'supervise', actor: '王强' });
    expect(JSON.parse(last.payloadJson)).toMatchObject({ note: number, paper: { id, sha256: issued.sha256 } });
    // Drafted before that step: what it says of the patch is no longer so.
    const stale = await draft(store, planted.number, { actor: '赵敏' });
    await issuePaper(store, { id: stale.id, number: '13号', actor: '王强', at: issuedAt, takeStep: true });
    const older = await draft(store, planted.number, { actor: '钱多' });
    await issuePaper(store, {
      id: (await draft(store, planted.number)).id,
      number: '14号',
      actor: '王强',
      at: issuedAt,
      takeStep: true,
    });
    const moved = issuePaper(store, { id: older.id, number: '15号', actor: '王强', at: issuedAt, takeStep: true });
    await expect(moved).rejects.toThrow(/is at version \d+, not at/);
    expect((await reprintPaper(store, older.id)).number).toBeNull();
    expect((await events()).length).toBe(before + 3);
  });

  it('cannot be changed afterwards', async () => {
    const store = await openFresh();
    const planted = await plantCase(store);
    const { id } = await draft(store, planted.number);
    await issuePaper(store, { id, number, actor: '王强', at: issuedAt });
    for (const table of ['papers', 'paper_issues', 'paper_bytes'] as const) {
      await expect(store.db.deleteFrom(table).execute()).rejects.toThrow(/append-only/);
    }
  });
});

function docxWords(bytes: Uint8Array): string {
  return pythonMissing ? `${number}1 2025年9月11日` : Object.values(docxText(bytes).parts).flat().join('');
}

describeOnBothStores('templates of a workspace', (openFresh) => {
  it('hold from their day on, the later of one day before the earlier, with those of the program behind them', async () => {
    const store = await openFresh();
    const [shipped] = SHIPPED;
    const own = (zh: string) => JSON.stringify({ ...shipped, name: { zh, en: 'Own' } });
    const add = (zh: string, from: string) =>
      addTemplate(store, { json: own(zh), origin: 'own.json', from, actor: '王强', at });
    await add('九月版', '2025-09-01');
    await add('九月改版', '2025-09-01');
    await add('十月版', '2025-10-01');
    const on = async (day: string) =>
      (await templateAt(store, shipped.kind, new Date(`${day}T04:00:00Z`))).template.name.zh;
    expect([await on('2025-08-31'), await on('2025-09-01'), await on('2025-09-30'), await on('2025-10-01')]).toEqual([
      '提示函',
      '九月改版',
      '九月改版',
      '十月版',
    ]);
    await expect(store.db.updateTable('paper_templates').set({ json: '{}' }).execute()).rejects.toThrow(/append-only/);
  });

  it('are refused with a field that there is none of, naming those there are, and with anything not of the form', async () => {
    const store = await openFresh();
    const [shipped] = SHIPPED;
    const add = (json: string) =>
      addTemplate(store, { json, origin: 'own.json', from: '2025-09-01', actor: '王强', at });
    const saying = (text: string) => JSON.stringify({ ...shipped, blocks: [{ block: 'paragraph', text }] });
    await expect(add(saying('{{patch.colour}}'))).rejects.toThrow(
      /^own\.json: blocks\.0 \(paragraph\): there is no field 'patch\.colour'; known are .*patch\.number, .*case\.title/,
    );
    await expect(add(saying('{{toString}}'))).rejects.toThrow(/no field 'toString'/);
    await expect(add(saying('{{patch.number}'))).rejects.toThrow(/braces that do not match/);
    await expect(add(JSON.stringify({ ...shipped, blocks: [{ block: 'script', text: 'x' }] }))).rejects.toThrow(
      /own\.json: blocks\.0/,
    );
    await expect(add(JSON.stringify({ ...shipped, colour: 'red' }))).rejects.toThrow(/own\.json: .*colour/);
    const step = { subject: 'patch', action: 'dance' };
    await expect(add(JSON.stringify({ ...shipped, step }))).rejects.toThrow(
      /step of a patch, got dance; known are .*supervise/,
    );
    const ofCase = { subject: 'case', action: 'file' };
    await expect(add(JSON.stringify({ ...shipped, step: ofCase }))).rejects.toThrow(
      /wants takes 'case', got 'patches'/,
    );
    await expect(add('{')).rejects.toThrow(/own\.json: wanted a paper template as JSON/);
  });
});

describe('the templates that come with the program', () => {
  it('are the five standard papers', () => {
    expect(SHIPPED.map(({ name }) => name.zh)).toEqual(['提示函', '督办通知', '核查表', '立案呈批表', '移送函']);
  });
});
