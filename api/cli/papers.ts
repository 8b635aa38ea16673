import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { PatchChips } from '../../services/evidence/chips.ts';
import { localDay } from '../../services/local-time.ts';
import { type Drafted, draftPaper, type PaperFormat } from '../../services/papers/draft.ts';
import { issuePaper, reprintPaper } from '../../services/papers/issue.ts';
import { listPapers } from '../../services/papers/list.ts';
import { printJson, printTable } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { paperTemplateCommand, paperTemplatesCommand } from './paper-templates.ts';
import { stepWords } from './paper-words.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface DraftArguments extends WorkspaceArguments {
  out: string;
  by: string;
  set: Record<string, string>;
}

interface IssueArguments extends WorkspaceArguments {
  number: string;
  by: string;
  file?: string;
  out?: string;
  takeStep?: boolean;
}

/** Of a side, for the print. */
const pictureSizePx = 640;

export function papersCommand(): Command {
  const papers = new Command('papers').description('文书 — drafts of the standard papers, filled from the record');
  workspaceOptions(papers.command('list'))
    .description('drafts and issued papers, latest first')
    .option('--district <code>', 'district code or its first digits (default: all)', '')
    .option('--kind <kind>', 'only papers of this kind')
    .action(list);
  workspaceOptions(papers.command('draft'))
    .description('fill a paper from the record; what is not on record is left as （待填：…） and listed')
    .argument('<kind>', 'e.g. verification-form; tuban papers templates lists them')
    .argument('<number...>', 'numbers of patches, or the id of a case')
    .requiredOption('-o, --out <file>', 'file to write, .docx or .pdf')
    .requiredOption('--by <name>', 'who drafts it')
    .option('--set <field=text>', 'say a field that the record does not have; again for another', pair, {})
    .addHelpText('after', '\nExample:\n  tuban papers draft verification-form 4304212026100001 -o form.docx --by 李明')
    .action(draft);
  workspaceOptions(papers.command('issue'))
    .description('make a draft a paper under its number (文号): no longer marked 草稿, its bytes kept')
    .argument('<id>', 'of the draft, or its first digits')
    .requiredOption('--number <text>', '文号, e.g. 衡自然资执〔2026〕12号')
    .requiredOption('--by <name>', 'who issues it')
    .option('--file <file>', 'what was really sent out: completed by hand, or stamped and scanned (.docx or .pdf)')
    .option('-o, --out <file>', 'also write the issued file')
    .option('--take-step', 'also take the step of the lifecycle that it belongs to, e.g. supervise')
    .addHelpText(
      'after',
      '\nExample:\n  tuban papers issue 3f9a1c --number 衡自然资执〔2026〕12号 --by 王强 -o paper.pdf',
    )
    .action(issue);
  workspaceOptions(papers.command('print'))
    .description('the file again, to the byte: as issued, or as drafted')
    .argument('<id>', 'of the paper, or its first digits')
    .requiredOption('-o, --out <file>', 'file to write')
    .action(print);
  papers.addCommand(paperTemplatesCommand());
  papers.addCommand(paperTemplateCommand());
  return papers;
}

async function list({ district, kind, ...options }: WorkspaceArguments & { district: string; kind?: string }) {
  const papers = await withWorkspace(options, ({ store }) => listPapers(store, { district, kind }));
  if (options.json) return printJson(papers);
  printTable(
    ['编号 id', '文书 paper', '对象 about', '文号 number', '待填 blanks', '拟稿 drafted', '签发 issued'],
    papers.map(({ id, name, about, issue, missing, draftedBy, draftedAt }) => [
      id,
      name.zh,
      about.length > 1 ? `${about[0]} 等 ${about.length}` : about[0],
      issue?.number ?? '草稿 draft',
      String(missing.length),
      `${localDay(draftedAt)} ${draftedBy}`,
      issue === null ? '' : `${localDay(issue.at)} ${issue.by}`,
    ]),
  );
}

async function draft(kind: string, names: string[], { out, by, set, ...options }: DraftArguments): Promise<void> {
  const format = formatOf(out);
  await checkOutputFiles([{ option: '--out', path: out }], []);
  const drafted = await withWorkspace(options, async ({ store }) => {
    const at = (await clockOf(store))();
    const chips = new PatchChips(store);
    const pictures = (patchId: string, which: 'before' | 'after') => chips.outlined(patchId, which, pictureSizePx);
    try {
      return await draftPaper(store, { kind, names, format, actor: by, at, given: set, pictures });
    } finally {
      await chips.close();
    }
  });
  await writeBytes(out, drafted.bytes);
  const { bytes, ...said } = drafted;
  if (options.json) return printJson({ ...said, file: out, bytes: bytes.byteLength });
  sayDrafted(out, drafted);
}

function sayDrafted(out: string, { id, missing, step }: Drafted): void {
  process.stdout.write(`草稿 draft ${id} → ${out}\n`);
  if (step !== null) process.stdout.write(`所属环节 belongs to ${stepWords(step)}\n`);
  if (missing.length === 0) return;
  process.stdout.write(`待填 ${missing.length} 项 not on record:\n`);
  for (const { field, label } of missing) process.stdout.write(`  ${field}  ${label.zh} ${label.en}\n`);
}

async function issue(id: string, { number, by, file, out, takeStep, ...options }: IssueArguments): Promise<void> {
  const handedIn = file === undefined ? undefined : { bytes: await bytesOf(file), format: formatOf(file) };
  if (out !== undefined) await checkOutputFiles([{ option: '--out', path: out }], file === undefined ? [] : [file]);
  const { bytes, ...issued } = await withWorkspace(options, async ({ store }) => {
    const at = (await clockOf(store))();
    const asked = { id, number, actor: by, at, takeStep: takeStep === true };
    return issuePaper(store, handedIn ? { ...asked, handedIn } : asked);
  });
  if (out !== undefined) await writeBytes(out, bytes);
  if (options.json) return printJson({ ...issued, bytes: bytes.byteLength });
  process.stdout.write(`已签发 issued ${issued.number}（${issued.id}，sha256 ${issued.sha256.slice(0, 12)}…）\n`);
  if (issued.step === null) return;
  const told = issued.taken ? '已办理 taken' : '尚未办理，--take-step 一并办理 not taken; --take-step takes it too';
  process.stdout.write(`所属环节 belongs to ${stepWords(issued.step)}：${told}\n`);
}

async function print(id: string, { out, ...options }: WorkspaceArguments & { out: string }): Promise<void> {
  await checkOutputFiles([{ option: '--out', path: out }], []);
  const { bytes, ...paper } = await withWorkspace(options, ({ store }) => reprintPaper(store, id));
  if (formatOf(out) !== paper.format) {
    throw new ServiceError(
      'bad-input',
      `${out}: the paper ${paper.id} is a ${paper.format}; wanted a name that ends so.`,
    );
  }
  await writeBytes(out, bytes);
  if (options.json) return printJson({ ...paper, file: out, bytes: bytes.byteLength });
  process.stdout.write(`${paper.number ?? '草稿 draft'} → ${out}（sha256 ${paper.sha256}）\n`);
}

function formatOf(path: string): PaperFormat {
  const ending = extname(path).toLowerCase();
  if (ending === '.docx') return 'docx';
  if (ending === '.pdf') return 'pdf';
  throw new ServiceError('bad-input', `${path}: wanted a name ending in .docx or .pdf, got '${ending}'.`);
}

function pair(text: string, given: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`Wanted FIELD=TEXT, got '${text}'.`);
  return { ...given, [text.slice(0, at).trim()]: text.slice(at + 1) };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: Error) => {
    throw new ServiceError('bad-input', `${path}: cannot be read: ${error.message}.`);
  });
}

async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.part`;
  try {
    await writeFile(beside, bytes);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new ServiceError('bad-input', `${path}: cannot be written: ${(error as Error).message}.`);
  }
}
