import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing } from '../../support/browser.ts';
import { type PlantedDesk, plantDesk } from './desk.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Each page, what stands there when it is ready, and what is opened on it first. */
const pages: { name: string; path: string; ready: string; keys?: string[]; key?: false }[] = [
  { name: 'the month', path: 'console/', ready: '.patch .title' },
  { name: 'the month with the reasons of a dismissal', path: 'console/', ready: '.patch .title', keys: ['d'] },
  { name: 'the month with some selected', path: 'console/', ready: '.patch .title', keys: ['x', 'Shift+J'] },
  { name: 'the month with its keys', path: 'console/', ready: '.patch .title', keys: ['?'] },
  { name: 'the dashboard', path: 'console/dashboard', ready: 'main' },
  { name: 'the administration', path: 'console/admin', ready: 'main' },
  { name: 'the field page', path: 'console/field', ready: 'main' },
  { name: 'a key that is refused', path: 'console/#key=nobody-knows-this-one', ready: '.closed', key: false },
];

const sizes = [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
];

describe.skipIf(browserMissing)('axe finds nothing serious on', () => {
  let desk: PlantedDesk;
  beforeAll(async () => {
    desk = await plantDesk(6);
  }, 60_000);
  afterAll(() => desk?.close());

  for (const { name, path, ready, keys = [], key } of pages) {
    it(name, async () => {
      const context = await desk.browser.newContext();
      const page = await context.newPage();
      await page.goto(key === false ? `${desk.server.url}/${path}` : desk.link.replace('/#', `/${path}#`));
      for (const size of sizes) {
        await page.setViewportSize(size);
        await page.locator(ready).first().waitFor({ state: 'attached' });
        await page.waitForTimeout(300);
        for (const press of keys) await page.keyboard.press(press);
        expect(await seriousOn(page), `${name} at ${size.width} × ${size.height}`).toEqual([]);
        for (const _ of keys) await page.keyboard.press('Escape');
      }
      await context.close();
    });
  }
});

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Serious and critical findings, a line each. */
async function seriousOn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as { violations: Finding[] };
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\s+/g, ' ')}`),
  );
}
