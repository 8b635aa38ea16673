import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { localDay } from '../../services/local-time.ts';
import { FIELDS } from '../../services/papers/fields.ts';
import { addTemplate, templateAt, templatesAt } from '../../services/papers/templates.ts';
import { dateName } from './options.ts';
import { printJson, printTable } from './output.ts';
import { stepWords } from './paper-words.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface AddArguments extends WorkspaceArguments {
  by: string;
  from?: string;
}

const takesWords = { patch: '一个图斑 a patch', patches: '图斑 patches', case: '案件 a case' };

export function paperTemplatesCommand(): Command {
  return workspaceOptions(new Command('templates'))
    .description('the papers there are, and by which template each is made today')
    .action(list);
}

export function paperTemplateCommand(): Command {
  const template = new Command('template').description('模板 — the forms of papers, as data');
  workspaceOptions(template.command('add'))
    .description('enter a template as JSON; it holds from its day on, and the ones before stay on record')
    .argument('<file>', 'in the form that `tuban papers template show KIND` prints')
    .requiredOption('--by <name>', 'who enters it')
    .option('--from <day>', 'first day that it holds on, YYYY-MM-DD (default: today)', dateName)
    .addHelpText('after', '\nExample:\n  tuban papers template add reminder.json --from 2026-12-01 --by 王强')
    .action(add);
  workspaceOptions(template.command('show'))
    .description('the template that holds today, as JSON')
    .argument('<kind>', 'e.g. reminder-letter')
    .action(show);
  template
    .command('fields')
    .description('the fields that a template may name')
    .option('--json', 'print the result as JSON')
    .action(fields);
  return template;
}

async function list(options: WorkspaceArguments): Promise<void> {
  const known = await withWorkspace(options, async ({ store }) => templatesAt(store, (await clockOf(store))()));
  if (options.json) return printJson(known);
  printTable(
    ['种类 kind', '文书 paper', '对象 about', '环节 step', '模板 template', '起 from'],
    known.map(({ template: { kind, name, takes, step }, sha256, effectiveFrom }) => [
      kind,
      `${name.zh} ${name.en}`,
      takesWords[takes],
      step === null ? '' : stepWords(step),
      sha256.slice(0, 12),
      effectiveFrom ?? '随程序 shipped',
    ]),
  );
}

async function add(file: string, { by, from, ...options }: AddArguments): Promise<void> {
  const json = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ServiceError('bad-input', `${file}: cannot be read: ${error.message}.`);
  });
  const added = await withWorkspace(options, async ({ store }) => {
    const at = (await clockOf(store))();
    return addTemplate(store, { json, origin: file, from: from ?? localDay(at), actor: by, at });
  });
  if (options.json) return printJson(added);
  const { template, effectiveFrom, sha256 } = added;
  process.stdout.write(
    `已录入 entered ${template.kind}（${template.name.zh}）${effectiveFrom} ${sha256.slice(0, 12)}\n`,
  );
}

async function show(kind: string, options: WorkspaceArguments): Promise<void> {
  const { template } = await withWorkspace(options, async ({ store }) =>
    templateAt(store, kind, (await clockOf(store))()),
  );
  printJson(template);
}

function fields({ json }: { json?: boolean }): void | Promise<void> {
  const rows = Object.entries(FIELDS).map(([name, { label }]) => ({ name, label }));
  if (json) return printJson(rows);
  return printTable(
    ['字段 field', '名称', 'name'],
    rows.map(({ name, label }) => [name, label.zh, label.en]),
  );
}
