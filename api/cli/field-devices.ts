import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { addDevice } from '../../services/field/devices.ts';
import { listDevices, revokeDevice } from '../../services/store/field-devices.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

export function fieldDeviceCommand(): Command {
  const device = new Command('device').description('devices that may sign readings and packages');
  workspaceOptions(device.command('add'))
    .description('register a device by its Ed25519 public key')
    .argument('<name>', 'what people call it')
    .requiredOption('--key <file>', 'its public key: PEM, or 32 bytes in base64')
    .action(add);
  workspaceOptions(device.command('list')).description('the devices').action(list);
  workspaceOptions(device.command('revoke'))
    .description('take nothing more from a device; what it signed before stays')
    .argument('<id>', 'its id')
    .action(revoke);
  return device;
}

async function add(name: string, options: WorkspaceArguments & { key: string }): Promise<void> {
  const text = await readFile(options.key, 'utf8').catch((error: Error) => {
    throw new ServiceError('bad-input', `${options.key}: wanted a public key; it cannot be read: ${error.message}.`);
  });
  const device = await withWorkspace(options, async ({ store }) =>
    addDevice(store, name, text, (await clockOf(store))()),
  );
  if (options.json) printJson(device);
  else process.stdout.write(`${device.id}\n`);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const devices = await withWorkspace(options, ({ store }) => listDevices(store.db));
  if (options.json) return printJson(devices);
  printTable(
    ['设备 id', '名称 name', '登记 added', '吊销 revoked'],
    devices.map(({ id, name, addedAt, revokedAt }) => [id, name, addedAt, revokedAt ?? '']),
  );
}

async function revoke(id: string, options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, async ({ store }) => revokeDevice(store.db, id, (await clockOf(store))()));
  if (options.json) printJson({ id, revoked: true });
  else process.stdout.write(`${id} 已吊销 is revoked\n`);
}
