import { Command, Option } from 'commander';
import { ROLES, type Role } from '../../services/access/keys.ts';
import {
  addUser,
  disableUser,
  enableUser,
  letInAgain,
  resetPassword,
  setDuty,
  told,
  userName,
} from '../../services/access/users.ts';
import type { Level } from '../../services/lifecycle/transition-row.ts';
import { listUsers } from '../../services/store/users.ts';
import { printJson, printTable } from './output.ts';
import { readPassword } from './password.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface DutyArguments extends WorkspaceArguments {
  role: Role;
  district: string;
  level?: Level;
}

interface PasswordArguments extends WorkspaceArguments {
  passwordStdin?: boolean;
}

interface AddArguments extends DutyArguments, PasswordArguments {
  displayName?: string;
}

export function usersCommand(): Command {
  const users = new Command('users')
    .description('who may log in to the console with a password')
    .addHelpText('after', '\nExample:\n  $ tuban users add wang --role handler --district 430421');
  const named = (name: string) => workspaceOptions(users.command(name)).argument('<name>', 'what is typed to log in');
  passwordOption(dutyOptions(named('add')))
    .description('add a user; the password is asked for, and must be changed at the first log-in')
    .option('--display-name <text>', 'how the console calls the person')
    .action(add);
  workspaceOptions(users.command('list')).description('list the users').action(list);
  named('disable').description('log a user out and let them in no more').action(disable);
  named('enable').description('let a user in again, also one locked out by wrong passwords').action(enable);
  passwordOption(named('reset'))
    .description('give a user another password, to be changed at the next log-in; ends all sessions')
    .action(reset);
  dutyOptions(named('set-role')).description('give a user another role, district and level').action(setRole);
  return users;
}

function dutyOptions(command: Command): Command {
  return command
    .addOption(new Option('--role <role>', 'what the user may do').choices([...ROLES]).makeOptionMandatory())
    .option('--district <code>', 'first digits of the districts the user may see (default: all)', '')
    .addOption(
      new Option('--level <level>', 'of the office (default: that of the district)').choices([
        'town',
        'county',
        'city',
        'province',
      ]),
    );
}

function passwordOption(command: Command): Command {
  return command.option('--password-stdin', 'read the password from standard input, for scripts');
}

async function add(name: string, { displayName, passwordStdin, role, level, district, ...options }: AddArguments) {
  const password = await readPassword(passwordStdin ?? false);
  const user = { name, displayName, password, role, level, district, mustChange: true };
  const made = await withWorkspace(options, async ({ store }) => addUser(store, user, (await clockOf(store))()));
  if (options.json) printJson(made);
  else process.stdout.write(`${made.name} may log in\n`);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const users = (await withWorkspace(options, ({ store }) => listUsers(store.db))).map(told);
  if (options.json) return printJson(users);
  const head = ['name', 'display name', 'role', 'level', 'district', 'state'];
  printTable(
    head,
    users.map((user) => [
      ...[user.name, user.displayName, user.role, user.level ?? '', user.district || 'all'],
      user.disabledAt !== null ? `disabled ${user.disabledAt}` : user.mustChange ? 'first password' : '',
    ]),
  );
}

async function disable(name: string, options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, async ({ store }) => disableUser(store, name, (await clockOf(store))()));
  say(name, 'is disabled');
}

async function enable(name: string, options: WorkspaceArguments): Promise<void> {
  await withWorkspace(options, async ({ store }) => {
    await enableUser(store, name);
    await letInAgain(store, name);
  });
  say(name, 'may log in');
}

async function reset(name: string, { passwordStdin, ...options }: PasswordArguments): Promise<void> {
  const password = await readPassword(passwordStdin ?? false);
  await withWorkspace(options, ({ store }) => resetPassword(store, name, password));
  say(name, 'has a new password, to be changed at the next log-in');
}

async function setRole(name: string, { role, district, level, ...options }: DutyArguments): Promise<void> {
  await withWorkspace(options, ({ store }) => setDuty(store, name, { role, district, level }));
  say(name, `is ${role} of ${district || 'all districts'}`);
}

function say(name: string, what: string): void {
  process.stdout.write(`${userName(name)} ${what}\n`);
}
