import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../services/store/open.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { type PlantedCase, plantCase } from '../../support/planted-case.ts';

describe('tuban papers', () => {
  let home: string;
  let planted: PlantedCase;
  const at = (name: string) => join(home, name);
  const papers = (...args: string[]) => tuban(['papers', ...args, '--home', home]);

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-papers-'));
    const store = await openStore({ sqlite: at('tuban.db') });
    planted = await plantCase(store);
    await store.close();
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('drafts, lists, issues and prints again to the byte', async () => {
    const out = ['-o', at('letter.docx'), '--by', '李明', '--set', 'office=某局', '--home', home];
    const drafted = await tubanJson('papers', 'draft', 'referral-letter', planted.caseId, ...out);
    expect(drafted).toMatchObject({ kind: 'referral-letter', format: 'docx', step: { action: 'hand-over' } });
    expect(drafted.missing.map((one: { field: string }) => one.field)).toEqual(['addressee', 'grounds', 'contact']);
    const listed = await papers('list');
    expect(listed.stdout).toContain(drafted.id);
    expect(listed.stdout).toMatch(/移送函.*草稿 draft/);
    await writeFile(at('signed.pdf'), 'signed by hand');
    const issued = await papers(
      'issue',
      drafted.id,
      '--number',
      '某函〔2025〕1号',
      '--by',
      '王强',
      '--file',
      at('signed.pdf'),
    );
    expect(issued.stdout).toContain('某函〔2025〕1号');
    expect((await papers('print', drafted.id, '-o', at('again.pdf'))).exitCode).toBe(0);
    expect(await readFile(at('again.pdf'), 'utf8')).toBe('signed by hand');
  });

  it('names what it leaves blank', async () => {
    const { stdout } = await papers('draft', 'reminder-letter', planted.number, '-o', at('form.pdf'), '--by', '李明');
    expect(stdout).toMatch(/待填 \d+ 项/);
    expect(stdout).toContain('office  发文机关');
    expect((await readFile(at('form.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('takes a template as a file, in the form in which it shows one', async () => {
    const shown = await papers('template', 'show', 'reminder-letter');
    await writeFile(at('own.json'), shown.stdout.replace('"提示函"', '"工作提示函"'));
    const added = await papers('template', 'add', at('own.json'), '--by', '王强', '--from', '2020-01-01');
    expect(added.stdout).toContain('工作提示函');
    expect((await papers('templates')).stdout).toMatch(/reminder-letter +工作提示函.*2020-01-01/);
  });

  it.each([
    [
      ['draft', 'reminder-letter', 'N', '-o', 'x.txt', '--by', '李明'],
      /x\.txt: wanted a name ending in \.docx or \.pdf/,
    ],
    [['draft', 'reminder-letter', 'N', '-o', 'none/x.pdf', '--by', '李明'], /cannot be written for --out/],
    [['draft', 'reminder-letter', '9', '-o', 'x.pdf', '--by', '李明'], /There is no patch 9/],
    [['draft', 'reminder-letter', 'N', '-o', 'x.pdf', '--by', '李明', '--set', 'office'], /Wanted FIELD=TEXT/],
    [['template', 'add', 'none.json', '--by', '王强'], /none\.json: cannot be read/],
  ])('refuses %j in one line and leaves nothing behind', async (args, line) => {
    const { exitCode, stderr } = await tuban(
      ['papers', ...args.map((arg) => (arg === 'N' ? planted.number : arg)), '--home', home],
      { cwd: home },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    await expect(readFile(at('x.pdf'))).rejects.toThrow(/ENOENT/);
  });
});
