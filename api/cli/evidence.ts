import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { ServiceError } from '../../services/error.ts';
import { writeBundle } from '../../services/evidence/bundle/write-bundle.ts';
import { type Verified, verifyBundle } from '../../services/evidence/verify/verify-bundle.ts';
import { complain, printJson } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { ProgressBar } from './progress.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

interface BundleArguments extends WorkspaceArguments {
  output?: string;
  by: string;
}

export function evidenceCommand(): Command {
  const evidence = new Command('evidence').description(
    '证据包 all that is known of a patch as one signed zip, and whether such a zip is whole',
  );
  evidence
    .command('verify')
    .description(
      'check a bundle or hand-over package, offline and without a workspace; exit code 1 where it has a fault',
    )
    .argument('<file>', 'zip of tuban evidence or tuban handover')
    .option(
      '--key <file>',
      'public key (PEM) that it must be signed with; else the one it brings, which proves no sender',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  tuban evidence verify 4304212025060001.zip --key office.pem')
    // Where both have an option, the outer command takes it.
    .action((path: string, _own, command: Command) => verify(path, command.optsWithGlobals()));
  return workspaceOptions(evidence)
    .argument('<patch>', 'its number or id')
    .option('-o, --output <file>', 'zip to write')
    .option('--by <name>', 'who asks for it (default: the user of this machine)', userInfo().username)
    .addHelpText(
      'after',
      '\nExamples:\n    tuban evidence 4304212025060001 -o 4304212025060001.zip\n    tuban evidence verify 4304212025060001.zip',
    )
    .action(bundle);
}

async function bundle(patch: string, options: BundleArguments): Promise<void> {
  const { output: path, by: askedBy } = options;
  if (path === undefined) throw new ServiceError('bad-input', 'tuban evidence wants -o, the zip to write; got none.');
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

/** A zip that cannot be opened at all is a fault like any other: exit code 1, one line. */
async function verify(path: string, options: { key?: string; json?: boolean }): Promise<void> {
  const key = options.key === undefined ? null : await publicKeyOf(options.key);
  const verified = await verifyBundle(path, key).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    process.exitCode = 1;
    complain(error.message);
    return null;
  });
  if (verified === null) return;
  if (!verified.ok) process.exitCode = 1;
  if (options.json) printJson(verified);
  else printVerified(path, verified);
}

function printVerified(path: string, { ok, checks, missing, subject, signedBy, keyGiven, at }: Verified): void {
  const marks = { true: '✓', false: '✗', null: '–' };
  for (const { name, label, ok: holds, said } of checks) {
    process.stdout.write(`${marks[`${holds}`]} ${label.zh} ${name}：${said}\n`);
  }
  for (const { what, why } of missing) process.stdout.write(`  缺 missing  ${what}：${why.zh}  ${why.en}\n`);
  const fault = checks.find((check) => check.ok === false);
  if (!ok) {
    complain(`${path}: ${fault?.name}: ${fault?.said}.`);
    return;
  }
  const whose = keyGiven ? '' : '；发件人须凭公钥另行确认 whose key it is must be known otherwise (--key)';
  process.stdout.write(`完好 whole：${subject}，${at}，签名 signed by ${signedBy}${whose}\n`);
}

async function publicKeyOf(path: string): Promise<KeyObject> {
  const wanted = `${path}: wanted an Ed25519 public key (PEM)`;
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new ServiceError('bad-input', `${wanted}; it cannot be read: ${error.message}.`);
  });
  if (text.includes('PRIVATE KEY')) {
    throw new ServiceError('bad-input', `${wanted}, got a private one, which must stay where it was made.`);
  }
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    throw new ServiceError('bad-input', `${wanted}, got something else.`);
  }
  throw new ServiceError('bad-input', `${wanted}, got another kind of key.`);
}
