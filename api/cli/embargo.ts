import { Command } from 'commander';
import { type Embargo, liftEmbargo, listEmbargoes, setEmbargo } from '../../services/access/embargo.ts';
import type { Access, Role } from '../../services/access/keys.ts';
import type { Level } from '../../services/lifecycle/transition-row.ts';
import { printJson, printTable } from './output.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface SetArguments extends WorkspaceArguments {
  month?: string;
  district?: string;
  until: string;
  levels?: string;
  roles?: string;
  reason: string;
  by: string;
}

export function embargoCommand(): Command {
  const embargo = new Command('embargo').description('patches that do not exist for some until a date');
  workspaceOptions(embargo.command('set'))
    .description('hide the patches of a month, of districts, or both')
    .requiredOption('--until <time>', 'a UTC time, or a day YYYY-MM-DD (its beginning, Asia/Shanghai)')
    .option('--month <month>', 'YYYY-MM')
    .option('--district <code>', 'first digits of the districts')
    .option('--levels <names>', 'who sees them before: town, county, city, province (default: city,province)')
    .option('--roles <names>', 'and in which role (default: handler,reviewer,admin)')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--by <name>', 'who sets it')
    .action(set);
  workspaceOptions(embargo.command('list')).description('all that were ever set').action(list);
  workspaceOptions(embargo.command('lift'))
    .description('end an embargo before its time')
    .argument('<id>', 'its id')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--by <name>', 'who lifts it')
    .action(lift);
  return embargo;
}

/** Who works on the workspace itself may do what an administrator of everything may. */
function owner(actor: string): Access {
  return { actor, role: 'admin', district: '', office: { level: 'province', duty: 'reviewer', district: '' } };
}

async function set({ month, district, until, levels, roles, reason, by, ...options }: SetArguments): Promise<void> {
  const made = await withWorkspace(options, async ({ store }) => {
    const now = (await clockOf(store))();
    const grant = {
      ...{ month, district, reason, until: new Date(until.length === 10 ? `${until}T00:00:00+08:00` : until) },
      levels: levels?.split(',') as Level[] | undefined,
      roles: roles?.split(',') as Role[] | undefined,
    };
    return setEmbargo(store, owner(by), grant, now);
  });
  show([made], options);
}

async function list(options: WorkspaceArguments): Promise<void> {
  show(await withWorkspace(options, ({ store }) => listEmbargoes(store, { district: '' })), options);
}

async function lift(id: string, { reason, by, ...options }: WorkspaceArguments & { reason: string; by: string }) {
  const lifted = await withWorkspace(options, async ({ store }) => {
    return liftEmbargo(store, owner(by), { id, reason }, (await clockOf(store))());
  });
  show([lifted], options);
}

function show(embargoes: readonly Embargo[], options: WorkspaceArguments): void {
  if (options.json) {
    printJson(embargoes);
    return;
  }
  printTable(
    ['id', 'month', 'district', 'until', 'levels', 'roles', 'by', 'reason', 'lifted'],
    embargoes.map(({ id, month, district, until, levels, roles, actor, reason, lifted }) => [
      ...[id, month ?? 'all', district || 'all', until, levels.join(','), roles.join(','), actor, reason],
      lifted?.at ?? '',
    ]),
  );
}
