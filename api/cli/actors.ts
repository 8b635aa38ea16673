import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { addActor, addAlias, linkPatch, mergeActors, type Stating, unmergeActors } from '../../services/actors/edit.ts';
import { ACTOR_KINDS, type ActorKind, type Identity, registerOf } from '../../services/actors/register.ts';
import { suggestMerges } from '../../services/actors/suggest.ts';
import { ServiceError } from '../../services/error.ts';
import { localTime } from '../../services/local-time.ts';
import { actorEntries } from '../../services/store/actors.ts';
import type { Store } from '../../services/store/open.ts';
import { findPatchNamed } from '../../services/store/queue.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface WritingArguments extends WorkspaceArguments {
  actor: string;
  reason?: string;
}

interface AddArguments extends WritingArguments {
  kind: ActorKind;
  code?: string;
  idNumber?: string;
  district?: string;
  alias: string[];
  namesake?: boolean;
}

export function actorsCommand(): Command {
  const actors = new Command('actors').description(
    '占地主体: who uses or builds on the land; the radar counts over them',
  );
  written(actors, 'add')
    .description('enter a land user or builder')
    .argument('<name>', 'in full')
    .addOption(new Option('--kind <kind>', 'what it is').choices(Object.keys(ACTOR_KINDS)).default('company'))
    .option('--code <code>', '统一社会信用代码; its check digit is tested')
    .option('--id-number <number>', "a person's ID number; only a hash and the last four characters are kept")
    .option('--district <code>', 'where it is at home')
    .option('--alias <name...>', 'other names it goes by', [])
    .option('--namesake', 'another one has this name, and this is somebody else')
    .addHelpText('after', '\nExample: tuban actors add 衡阳甲建材有限公司 --code 91350100M000100Y43 --alias 甲建材')
    .action(add);
  written(actors, 'alias')
    .description('another name of an actor')
    .argument('<actor>', 'its id or name')
    .argument('<name>', 'the other name')
    .action(alias);
  workspaceOptions(actors.command('list')).description('the register, merged actors as one').action(list);
  workspaceOptions(actors.command('show'))
    .description('one actor, with all that was merged into it')
    .argument('<actor>', 'its id or name')
    .action(show);
  written(actors, 'merge')
    .description('two are one: from now on they count together, under the name of the second')
    .argument('<actor>', 'its id or name')
    .argument('<into>', 'id or name')
    .requiredOption('--reason <text>', 'why they are one')
    .addHelpText('after', '\nExample: tuban actors merge 甲建材 衡阳甲建材有限公司 --reason 营业执照一致')
    .action(merge);
  written(actors, 'unmerge')
    .description('take a merge of two back')
    .argument('<actor>', 'id, as actors show prints it')
    .argument('<other>', 'id')
    .requiredOption('--reason <text>', 'why they are not one')
    .action(unmerge);
  written(actors, 'link')
    .description("name the user of a patch's land, as an event of the patch")
    .argument('<patch>', 'its number or id')
    .argument('<actor>', 'its id or name')
    .option('--reason <text>', 'how that is known')
    .addHelpText('after', '\nExample: tuban actors link 4304212025060001 衡阳甲建材有限公司')
    .action(link);
  workspaceOptions(actors.command('suggest'))
    .description('actors that may be one, for a person to merge')
    .action(suggest);
  return actors;
}

function written(actors: Command, name: string): Command {
  const by = 'who states it (default: the user of this machine)';
  return workspaceOptions(actors.command(name)).option('--by, --actor <name>', by, userInfo().username);
}

async function add(
  name: string,
  { kind, code, idNumber, district, alias, namesake, ...options }: AddArguments,
): Promise<void> {
  const given = { name, kind, code, idNumber, district, aliases: alias, namesake: namesake ?? false };
  const id = await withWorkspace(options, async ({ store }) => addActor(store, given, await statingOf(store, options)));
  if (options.json) printJson({ id, name, kind });
  else process.stdout.write(`${id}  ${name}  ${ACTOR_KINDS[kind].zh}\n`);
}

async function alias(actor: string, name: string, options: WritingArguments): Promise<void> {
  const identity = await withWorkspace(options, async ({ store }) => {
    const id = await idNamed(store, actor);
    await addAlias(store, id, name, await statingOf(store, options));
    return registerOf(await actorEntries(store.db)).ofActor(id)!;
  });
  printOne(identity, options);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const { identities } = await withWorkspace(options, async ({ store }) => registerOf(await actorEntries(store.db)));
  if (options.json) return printJson(identities);
  printTable(
    ['编号 id', '名称 name', '类别 kind', '代码 code', '证件尾号', '又名 also', '合并 merged'],
    identities.map(({ id, name, kind, names, actors }) => [
      ...[id, name, ACTOR_KINDS[kind].zh, actors.flatMap(({ code }) => code ?? []).join(' ')],
      ...[actors.flatMap(({ idLast4 }) => idLast4 ?? []).join(' '), names.slice(1).join('、')],
      actors.length > 1 ? String(actors.length) : '',
    ]),
  );
}

async function show(actor: string, options: WorkspaceArguments): Promise<void> {
  const shown = await withWorkspace(options, async ({ store }) => {
    const register = registerOf(await actorEntries(store.db));
    const identity = register.ofActor(await idNamed(store, actor))!;
    const ids = identity.actors.map(({ id }) => id);
    return { identity, merges: register.merges.filter(({ from }) => ids.includes(from)) };
  });
  if (options.json) return printJson({ ...shown.identity, merges: shown.merges });
  printOne(shown.identity, options);
  for (const { from, into, by, at, reason } of shown.merges)
    process.stdout.write(`合并 merged ${from} → ${into}  ${localTime(at)}  ${by}：${reason}\n`);
}

async function merge(actor: string, into: string, options: WritingArguments): Promise<void> {
  const identity = await withWorkspace(options, async ({ store }) => {
    const [from, to] = [await idNamed(store, actor), await idNamed(store, into)];
    return mergeActors(store, from, to, await statingOf(store, options));
  });
  printOne(identity, options);
}

async function unmerge(actor: string, other: string, options: WritingArguments): Promise<void> {
  const identity = await withWorkspace(options, async ({ store }) =>
    unmergeActors(store, actor, other, await statingOf(store, options)),
  );
  printOne(identity, options);
}

async function link(patchName: string, actor: string, options: WritingArguments): Promise<void> {
  const linked = await withWorkspace(options, async ({ store }) => {
    const patch = await findPatchNamed(store.db, patchName);
    if (patch === null) throw new ServiceError('not-found', `There is no patch ${patchName}.`);
    const actorId = await idNamed(store, actor);
    const moved = await linkPatch(store, patch.id, actorId, await statingOf(store, options));
    return { patch: patch.number, actorId, ...moved };
  });
  if (options.json) printJson(linked);
  else process.stdout.write(`${linked.patch} ← ${actor}\n`);
}

async function suggest(options: WorkspaceArguments): Promise<void> {
  const found = await withWorkspace(options, async ({ store }) =>
    suggestMerges(registerOf(await actorEntries(store.db)).identities),
  );
  if (options.json) return printJson(found);
  const because = {
    'same-name': '名称相同 same name',
    'same-core': '去掉形式后相同 same but for form',
    alike: '相近 alike',
  };
  printTable(
    ['编号 id', '名称', '编号 id', '名称', '原因 because', '相似 %'],
    found.map(({ one, other, names, because: why, likeness }) => [
      ...[one.id, names[0], other.id, names[1], because[why], (100 * likeness).toFixed(0)],
    ]),
  );
}

async function statingOf(store: Store, { actor, reason }: WritingArguments): Promise<Stating> {
  return { actor, at: (await clockOf(store))(), ...(reason !== undefined && { reason }) };
}

/** The id of an actor by its id or name. @throws ServiceError where nobody or more than one has it */
async function idNamed(store: Store, text: string): Promise<string> {
  const register = registerOf(await actorEntries(store.db));
  if (register.ofActor(text) !== null) return text;
  const found = register.allNamed(text);
  if (found.length === 1) return found[0].id;
  if (found.length === 0) throw new ServiceError('not-found', `There is no actor ${text}.`);
  const ids = found.map(({ id }) => id).join(', ');
  throw new ServiceError('bad-input', `${text} is the name of several; wanted the id of one: ${ids}.`);
}

function printOne(identity: Identity, { json }: WorkspaceArguments): void {
  if (json) {
    printJson(identity);
    return;
  }
  process.stdout.write(`${identity.name}（${identity.names.slice(1).join('、') || '无别名 no other name'}）\n`);
  printTable(
    ['编号 id', '名称 name', '类别 kind', '代码 code', '证件尾号', '别名 aliases'],
    identity.actors.map(({ id, name, kind, code, idLast4, aliases }) => [
      ...[id, name, ACTOR_KINDS[kind].zh, code ?? '', idLast4 ?? '', aliases.join('、')],
    ]),
  );
}
