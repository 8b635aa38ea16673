import type { Command } from 'commander';
import { PatchChips } from '../../services/evidence/chips.ts';
import { unpackEvidence } from '../../services/field/pack/evidence-pack.ts';
import { packTasks } from '../../services/field/pack/task-pack.ts';
import { printJson } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

/** pack and unpack: tasks go out, evidence comes back. */
export function addPackCommands(field: Command): void {
  workspaceOptions(field.command('pack'))
    .description('write the open tasks of a district, with outlines and pictures, as a signed package')
    .requiredOption('--district <code>', 'district code or its first digits')
    .requiredOption('-o, --output <file>', 'package to write (.tubanpack)')
    .action(pack);
  workspaceOptions(field.command('unpack'))
    .description('take in the evidence of a signed package; each photo once')
    .argument('<file>', 'package of a field device')
    .action(unpack);
}

async function pack(options: WorkspaceArguments & { district: string; output: string }): Promise<void> {
  const { district, output: path } = options;
  await checkOutputFiles([{ option: '--output', path }], []);
  const packed = await withWorkspace(options, async ({ store, home }) => {
    const chips = new PatchChips(store);
    try {
      return await packTasks(store, home, { district, path, chips, now: (await clockOf(store))() });
    } finally {
      await chips.close();
    }
  });
  if (options.json) return printJson({ ...packed, output: path });
  const { tasks, withPictures, signedBy } = packed;
  process.stdout.write(`${tasks} 个任务，${withPictures} 个带影像，由 ${signedBy} 签名 `);
  process.stdout.write(`${tasks} tasks, ${withPictures} with pictures, signed by ${signedBy}: ${path}\n`);
}

async function unpack(path: string, options: WorkspaceArguments): Promise<void> {
  const taken = await withWorkspace(options, async ({ store, home }) => {
    return unpackEvidence(store, home, path, (await clockOf(store))());
  });
  if (options.json) return printJson(taken);
  const fresh = taken.photos.filter(({ isNew }) => isNew).length;
  const known = taken.photos.length - fresh;
  process.stdout.write(`入库 ${fresh} 张，已有 ${known} 张 ${fresh} photos taken in, ${known} known before\n`);
}
