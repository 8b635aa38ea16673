import { userInfo } from 'node:os';
import { Command } from 'commander';
import { writeBundle } from '../../services/evidence/bundle/write-bundle.ts';
import { printJson } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { ProgressBar } from './progress.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface BundleArguments extends WorkspaceArguments {
  output: string;
  by: string;
}

export function evidenceCommand(): Command {
  const evidence = new Command('evidence').description(
    '证据包 all that is known of a patch as one signed zip, and whether such a zip is whole',
  );
  return workspaceOptions(evidence)
    .argument('<patch>', 'its number or id')
    .requiredOption('-o, --output <file>', 'zip to write')
    .option('--by <name>', 'who asks for it (default: the user of this machine)', userInfo().username)
    .addHelpText(
      'after',
      '\nExamples:\n  tuban evidence 4304212025060001 -o 4304212025060001.zip\n  tuban evidence verify 4304212025060001.zip',
    )
    .action(bundle);
}

async function bundle(patch: string, options: BundleArguments): Promise<void> {
  const { output: path, by: askedBy } = options;
  await checkOutputFiles([{ option: '--output', path }], []);
  const bar = new ProgressBar();
  const written = await withWorkspace(options, async ({ store, home }) => {
    const at = (await clockOf(store))();
    const onProgress = (done: number, total: number) => bar.draw('证据 evidence', done, total);
    return writeBundle(store, home, { patch, path, askedBy, at, onProgress });
  }).finally(() => bar.clear());
  if (options.json) return printJson({ ...written, output: path });
  const { number, files, missing, signedBy, id } = written;
  process.stdout.write(`图斑 patch ${number}：${files} 个文件 files，由 ${signedBy} 签名 signed: ${path}\n`);
  process.stdout.write(`清单 manifest sha256 ${id}\n`);
  for (const { what, why } of missing) process.stdout.write(`缺 missing  ${what}：${why.zh}  ${why.en}\n`);
}
