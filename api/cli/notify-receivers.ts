import { type Command, Option } from 'commander';
import { addMail, addWebhook, removeEndpoint, rotateSecret } from '../../services/notify/endpoints.ts';
import { shownEndpoint } from '../../services/notify/shown.ts';
import { testEndpoint } from '../../services/notify/test-message.ts';
import { countDeliveries } from '../../services/store/notify-deliveries.ts';
import { listEndpoints, setEndpointState } from '../../services/store/notify-endpoints.ts';
import { printEndpoints } from './notify-tables.ts';
import { cursorNumber, districtDigits } from './options.ts';
import { printJson } from './output.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

/** Who is told: the part of `tuban notify` that deals with receivers. */

interface WebhookArguments extends WorkspaceArguments {
  district: string;
  types?: string;
  from?: number;
  allowHttp?: boolean;
  allowPrivate?: boolean;
}

interface MailArguments extends WorkspaceArguments {
  district: string;
  digest: 'none' | 'daily' | 'weekly';
  notices: boolean;
}

export function addReceiverCommands(notify: Command): void {
  workspaceOptions(notify.command('add-webhook'))
    .description('send changes to a system, signed by Standard Webhooks; the secret is shown this once')
    .argument('<url>', 'its https:// address')
    .option('--district <code>', 'first digits of the districts it is told of (default: all)', districtDigits, '')
    .option('--types <list>', 'types of messages, with commas (default: all), e.g. patch.moved,patch.overdue')
    .option('--from <cursor>', 'begin after this event of the log; 0 = from its beginning (default: now)', cursorNumber)
    .option('--allow-private', 'it may lie in the own network')
    .option('--allow-http', 'it may be there without TLS')
    .action(addSystem);
  workspaceOptions(notify.command('add-mail'))
    .description('tell somebody by mail: a digest, and what is due soon, late or to be escalated')
    .argument('<address>', 'name@host')
    .option('--district <code>', 'first digits of the districts (default: all)', districtDigits, '')
    .addOption(new Option('--digest <how>', 'how often').choices(['daily', 'weekly', 'none']).default('daily'))
    .option('--no-notices', 'only the digest')
    .action(addPerson);
  workspaceOptions(notify.command('list')).description('the receivers, and how far they are').action(list);
  for (const [name, what, act] of [
    ['test', 'send it a message of the type test.ping now', test],
    ['pause', 'send it nothing until it is resumed; nothing is lost meanwhile', pause],
    ['resume', 'go on where it was', resume],
    ['remove', 'send it nothing more and forget its secret', remove],
    ['rotate', 'a new secret, shown this once; the one before signs beside it for a day', rotate],
  ] as const) {
    workspaceOptions(notify.command(name)).description(what).argument('<id>', 'the receiver').action(act);
  }
}

async function addSystem(
  url: string,
  { district, types, from, allowHttp, allowPrivate, ...options }: WebhookArguments,
) {
  const reach = { allowHttp: allowHttp === true, allowPrivate: allowPrivate === true };
  const wanted = { url, district, types: types?.split(',').map((type) => type.trim()) ?? [], from, ...reach };
  const added = await withWorkspace(options, ({ store }) => addWebhook(store, wanted, new Date()));
  if (options.json) return printJson(added);
  process.stdout.write(`${added.id}\n密钥（仅显示这一次） secret, shown this once: ${added.secret}\n`);
}

async function addPerson(address: string, { district, digest, notices, ...options }: MailArguments): Promise<void> {
  const { added, mail } = await withWorkspace(options, async ({ store, configuration }) => ({
    added: await addMail(store, { address, district, digest, notices }, new Date()),
    mail: configuration.mail,
  }));
  if (options.json) return printJson(added);
  process.stdout.write(`${added.id}\n`);
  if (mail === null) process.stdout.write('未设置 TUBAN_SMTP，邮件暂不发出 no mail goes out until TUBAN_SMTP is set\n');
}

async function list(options: WorkspaceArguments): Promise<void> {
  const shown = await withWorkspace(options, async ({ store }) => {
    const counts = await countDeliveries(store.db);
    return (await listEndpoints(store.db)).map((row) => shownEndpoint(row, counts));
  });
  if (options.json) printJson(shown);
  else printEndpoints(shown);
}

async function test(id: string, options: WorkspaceArguments): Promise<void> {
  const attempt = await withWorkspace(options, ({ store, configuration }) =>
    testEndpoint(store, id, { clock: () => new Date(), mail: configuration.mail }),
  );
  if (options.json) printJson(attempt);
  else if (attempt.result === 'delivered') process.stdout.write(`${id} 已送达 took it\n`);
  else process.stdout.write(`${id} 未送达 did not take it: ${attempt.problem}\n`);
  if (attempt.result !== 'delivered') process.exitCode = 1;
}

async function pause(id: string, options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, ({ store }) => setEndpointState(store.db, id, 'paused', null));
  said(id, 'paused', '已暂停', options);
}

async function resume(id: string, options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, ({ store }) => setEndpointState(store.db, id, 'active', null));
  said(id, 'active', '已恢复', options);
}

async function remove(id: string, options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, ({ store }) => removeEndpoint(store, id));
  said(id, 'removed', '已移除', options);
}

function said(id: string, state: string, zh: string, { json }: WorkspaceArguments): void {
  if (json) printJson({ id, state });
  else process.stdout.write(`${id} ${zh} ${state}\n`);
}

async function rotate(id: string, options: WorkspaceArguments): Promise<void> {
  const { secret, until } = await withWorkspace(options, ({ store }) => rotateSecret(store, id, new Date()));
  if (options.json) return printJson({ id, secret, until });
  process.stdout.write(`密钥（仅显示这一次） secret, shown this once: ${secret}\n`);
  process.stdout.write(`旧密钥并用至 the one before signs beside it until ${until}\n`);
}
