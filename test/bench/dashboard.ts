import { existsSync } from 'node:fs';
import { FactKeeper } from '../../services/dashboard/fact-keeper.ts';
import { readDashboard } from '../../services/dashboard/read-dashboard.ts';
import { openStore } from '../../services/store/open.ts';
import { plantYear } from './api/plant.ts';

const usage = `node test/bench/dashboard.ts FILE [PATCHES]

How long the dashboard of a year of PATCHES (200,000) takes: first, while all are read, and then again. FILE is a SQLite
store, planted where there is none.`;

async function main([file, count = '200000']: string[]): Promise<void> {
  if (file === undefined) return console.log(usage);
  if (!existsSync(file)) await plantYear(file, Number(count));
  const store = await openStore({ sqlite: file });
  const keeper = new FactKeeper(store);
  const at = new Date('2026-01-20T03:00:00Z');
  for (const name of ['first', 'again', 'again', 'again', 'again', 'again']) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    const { funnel } = await readDashboard(keeper, { month: '2025-12', district: '', months: 12 }, at);
    const { user, system } = process.cpuUsage(used);
    const [wall, processor] = [performance.now() - began, (user + system) / 1000].map((ms) => ms.toFixed(0));
    console.log(`${name}: ${wall} ms, ${processor} ms of processor time, ${funnel.found.patches} patches in the month`);
  }
  await store.close();
}

await main(process.argv.slice(2));
