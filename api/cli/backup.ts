import { Command } from 'commander';
import { type Restored, restoreBackup, verifyBackup } from '../../services/backup/restore.ts';
import { writeBackup } from '../../services/backup/write-backup.ts';
import { readConfiguration } from '../configuration.ts';
import { printJson } from './output.ts';
import { ProgressBar } from './progress.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

export function backupCommand(): Command {
  const backup = workspaceOptions(new Command('backup'))
    .description('备份 — write the workspace into one file while it is in use; it holds keys and secrets: keep it safe')
    .argument('<file>', 'a tar file outside the workspace; one that is there is replaced once the new one is whole')
    .option('--with-images', 'take the images in the workspace folder along too')
    .addHelpText(
      'after',
      `
A PostgreSQL store is dumped by pg_dump, which must be installed.

Example:
    tuban backup /mnt/backup/county.tar
    tuban backup verify /mnt/backup/county.tar
    tuban restore /mnt/backup/county.tar --to restored`,
    )
    .action(write);
  backup
    .command('verify')
    .description('read a backup through: every file by its hash, the database by its own check, the log by its chain')
    .argument('<file>', 'a backup')
    .option('--json', 'print the result as JSON')
    .action(verify);
  return backup;
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('恢复 — put a backup in place as a new workspace, verified before; never over one that is there')
    .argument('<file>', 'a backup')
    .requiredOption('--to <dir>', 'the new workspace folder')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
A backup of a PostgreSQL store wants TUBAN_DATABASE to name an empty database.

Example:
    tuban restore /mnt/backup/county.tar --to restored
    tuban serve --home restored`,
    )
    .action(restore);
}

async function write(
  file: string,
  { withImages, ...options }: WorkspaceArguments & { withImages?: boolean },
): Promise<void> {
  const bar = new ProgressBar();
  const manifest = await withWorkspace(options, ({ store, home, configuration: { database } }) =>
    writeBackup(store, file, {
      home,
      database,
      at: new Date(),
      withImages,
      onProgress: (done, total) => bar.draw('bytes', done, total),
    }),
  ).finally(() => bar.clear());
  if (options.json) return printJson({ file, ...manifest });
  const bytes = manifest.files.reduce((sum, one) => sum + one.bytes, 0);
  process.stdout.write(`${file}: ${manifest.files.length} 个文件 files, ${megabytes(bytes)} MB\n`);
  if (manifest.leftOut.length > 0) {
    process.stdout.write(`未含影像 without images (--with-images): ${manifest.leftOut.join(', ')}\n`);
  }
}

async function verify(file: string, options: { json?: boolean }): Promise<void> {
  const bar = new ProgressBar();
  const found = await verifyBackup(file, { onProgress: (stage, done, total) => bar.draw(stage, done, total) }).finally(
    () => bar.clear(),
  );
  say(file, '完好 is whole', found, options);
}

async function restore(file: string, { to, ...options }: { to: string; json?: boolean }): Promise<void> {
  const bar = new ProgressBar();
  const found = await restoreBackup(file, to, {
    database: readConfiguration().database,
    onProgress: (stage, done, total) => bar.draw(stage, done, total),
  }).finally(() => bar.clear());
  say(to, '已恢复 is restored', found, options);
}

function say(what: string, how: string, { manifest, events }: Restored, { json }: { json?: boolean }): void {
  const log =
    events === null
      ? '日志在恢复时核验 the log is verified when it is restored'
      : `日志 ${events} 条核验无误 events verified`;
  if (json) printJson({ ...manifest, events });
  else process.stdout.write(`${what} ${how}: ${manifest.at}，${manifest.files.length} 个文件 files，${log}\n`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
