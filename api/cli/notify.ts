import { Command } from 'commander';
import { replay } from '../../services/notify/endpoints.ts';
import { sendDue } from '../../services/notify/send.ts';
import { addFromDeadlines } from '../../services/notify/sender.ts';
import { type DeliveryRow, listDeliveries, reopenDelivery } from '../../services/store/notify-deliveries.ts';
import { addReceiverCommands } from './notify-receivers.ts';
import { printDeliveries } from './notify-tables.ts';
import { cursorNumber, positiveNumber } from './options.ts';
import { printJson } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface DeliveriesArguments extends WorkspaceArguments {
  to?: string;
  limit: number;
}

export function notifyCommand(): Command {
  const notify = new Command('notify')
    .description('通知 — tell other systems (webhooks) and people (mail) what changes and what is due')
    .addHelpText(
      'after',
      `
'tuban serve' sends by itself; 'send' does one pass. Mail needs TUBAN_SMTP.

Example:
    tuban notify add-webhook https://dashboard.example/hooks --district 4304
    tuban notify add-mail zhang@example.cn --district 430421 --digest weekly
    tuban notify send`,
    );
  addReceiverCommands(notify);
  for (const [name, what, state] of [
    ['deliveries', 'what was sent, or waits, newest first', undefined],
    ['dead', 'what was given up after its last try', 'dead'],
  ] as const) {
    workspaceOptions(notify.command(name))
      .description(what)
      .option('--to <id>', 'only of this receiver')
      .option('--limit <n>', 'at most so many', positiveNumber, 50)
      .action((options: DeliveriesArguments) => deliveries(options, state));
  }
  workspaceOptions(notify.command('redeliver'))
    .description('send one message again, with the id it had')
    .argument('<no>', 'its number, as deliveries and dead say it', cursorNumber)
    .action(redeliver);
  workspaceOptions(notify.command('replay'))
    .description('send a system everything after an event of the log once more, in order, with the ids it had')
    .argument('<id>', 'the receiver')
    .requiredOption('--from <cursor>', 'data.seq of the last message that is not sent again; 0 = all', cursorNumber)
    .action(replayFrom);
  workspaceOptions(notify.command('send'))
    .description('one pass: everything that may be sent now is tried once')
    .action(send);
  return notify;
}

async function deliveries({ to, limit, ...options }: DeliveriesArguments, state?: DeliveryRow['state']): Promise<void> {
  const rows = await withWorkspace(options, ({ store }) => listDeliveries(store.db, { endpointId: to, state, limit }));
  if (options.json) printJson(rows.map(({ leaseBy: _, bodyJson: _body, ...row }) => row));
  else printDeliveries(rows);
}

async function redeliver(seq: number, options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, ({ store }) => reopenDelivery(store.db, seq, new Date().toISOString()));
  if (options.json) printJson({ seq, state: 'waiting' });
  else process.stdout.write(`${seq} 将重发 is sent again with the next pass\n`);
}

async function replayFrom(id: string, { from, ...options }: WorkspaceArguments & { from: number }): Promise<void> {
  const { reopened } = await withWorkspace(options, ({ store }) => replay(store, id, from, new Date()));
  if (options.json) printJson({ id, from, reopened });
  else
    process.stdout.write(
      `${id}: ${from} 之后重发 everything after ${from} is sent again (${reopened} 已发 sent before)\n`,
    );
}

async function send(options: WorkspaceArguments): Promise<void> {
  const summary = await withWorkspace(options, async ({ store, configuration }) => {
    await addFromDeadlines(store, (await clockOf(store))(), new Date());
    return sendDue(store, { clock: () => new Date(), mail: configuration.mail });
  });
  if (options.json) return printJson(summary);
  const { delivered, failed, dead, withoutMail } = summary;
  process.stdout.write(`送达 ${delivered} delivered · 未达 ${failed} failed · 死信 ${dead} dead\n`);
  if (withoutMail > 0) {
    process.stdout.write(
      `未设置 TUBAN_SMTP：${withoutMail} 个邮件接收方在等 mail receivers wait until TUBAN_SMTP is set\n`,
    );
  }
}
