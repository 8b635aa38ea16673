import { Command, Option } from 'commander';
import { requireScopesFit, toldKey } from '../../services/access/grants.ts';
import { mintKey, ROLES, type Role } from '../../services/access/keys.ts';
import { SCOPE_NAMES, type Scope } from '../../services/access/scopes.ts';
import type { Level } from '../../services/lifecycle/transition-row.ts';
import { listKeys, revokeKey } from '../../services/store/keys.ts';
import { positiveNumber } from './options.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface AddArguments extends WorkspaceArguments {
  name: string;
  role: Role;
  district: string;
  level?: Level;
  days: number;
  scope?: Scope[];
}

const dayMs = 86_400_000;

export function keysCommand(): Command {
  const keys = new Command('keys').description('who may read and act through the API');
  workspaceOptions(keys.command('add'))
    .description('make a key; it is shown this once and kept only as a hash')
    .requiredOption('--name <name>', 'who it is for, as the history will say')
    .addOption(new Option('--role <role>', 'what it may do').choices([...ROLES]).default('viewer'))
    .option('--district <code>', 'first digits of the districts it may see (default: all)', '')
    .addOption(
      new Option('--level <level>', 'of the office it acts in (default: that of its district)').choices([
        'town',
        'county',
        'city',
        'province',
      ]),
    )
    .addOption(new Option('--scope <scope...>', 'what alone it may read (default: all)').choices(SCOPE_NAMES))
    .option('--days <n>', 'how long it is valid', positiveNumber, 90)
    .action(add);
  workspaceOptions(keys.command('list')).description('list the keys, without the keys themselves').action(list);
  workspaceOptions(keys.command('revoke')).description('end a key').argument('<id>', 'its id').action(revoke);
  return keys;
}

async function add({ name, role, district, level, days, scope: scopes, ...options }: AddArguments): Promise<void> {
  const made = await withWorkspace(options, async ({ store }) => {
    // The server asks the workspace's clock whether a key has run out.
    const now = (await clockOf(store))();
    requireScopesFit(scopes, { role, district });
    return mintKey(
      store,
      { name, role, district, level, scopes, expiresAt: new Date(now.getTime() + days * dayMs) },
      now,
    );
  });
  if (options.json) printJson(made);
  else process.stdout.write(`${made.key}\n`);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const keys = await withWorkspace(options, ({ store }) => listKeys(store.db));
  const shown = keys.map(toldKey);
  if (options.json) return printJson(shown);
  printTable(
    ['id', 'name', 'role', 'level', 'district', 'for', 'last used', 'valid to', 'revoked'],
    shown.map((key) => [
      key.id,
      key.name,
      key.role,
      key.level ?? '',
      key.district || 'all',
      key.scopes?.join(' ') ?? 'all',
      key.lastUsedAt ?? '',
      key.expiresAt ?? '',
      key.revokedAt ?? '',
    ]),
  );
}

async function revoke(id: string, options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, async ({ store }) => revokeKey(store.db, id, (await clockOf(store))()));
  process.stdout.write(`${id} is revoked\n`);
}
