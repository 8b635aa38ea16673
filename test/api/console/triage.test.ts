import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing } from '../../support/browser.ts';
import { type PlantedDesk, plantDesk, statesOf } from './desk.ts';

const steps = 20;
/** A person looks at a patch before deciding; meanwhile the next ones are asked for. */
const lookMs = 250;

describe.skipIf(browserMissing)('triage by keyboard', () => {
  let desk: PlantedDesk;
  let page: Page;
  beforeAll(async () => {
    desk = await plantDesk(30);
    page = await desk.open();
    await page.locator('.patch img').nth(1).waitFor();
  }, 60_000);
  afterAll(() => desk?.close());

  const chosen = () => page.locator('.patch').getAttribute('aria-label');
  const title = (sequence: string) => page.locator(`.patch[aria-label$="${sequence}"] .title`).waitFor();
  const saved = () => page.waitForFunction(() => document.querySelector('.sending.on') === null);

  const gone = (number: string) =>
    page.waitForFunction((was) => document.querySelector('.patch')?.getAttribute('aria-label') !== was, number);

  /** Chooses the last of the list that nobody has touched; only rows in sight are drawn. */
  const lastFound = async () => {
    await page.locator('.queue').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page.locator('.queue .row[aria-posinset="30"]').waitFor();
    await page.locator('.queue .row', { hasText: '已发现' }).last().click();
  };
  const measured = async (name: string) => {
    const times = await page.evaluate((of) => performance.getEntriesByName(of).map(({ duration }) => duration), name);
    const sorted = times.toSorted((a, b) => a - b);
    const [median, p95] = [0.5, 0.95].map((share) => sorted[Math.ceil(share * sorted.length) - 1]);
    return `median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`;
  };

  it(`dismisses ${steps} patches, and prints how long it is from a key to the next patch painted`, async () => {
    await page.evaluate(watchSteps);
    const numbers: string[] = [];
    for (let i = 0; i < steps; i++) {
      numbers.push((await chosen())!);
      await page.waitForTimeout(lookMs);
      await page.keyboard.press('d');
      await page.locator('.sheet .reasons').waitFor();
      await page.keyboard.press(i % 2 === 0 ? '1' : '2');
      await page.waitForFunction((done) => performance.getEntriesByName('pictures').length === done, i + 1);
    }
    const [text, pictures] = [await measured('text'), await measured('pictures')];
    console.log(`key to next patch painted, ${steps} steps: ${text}; with both pictures: ${pictures}`);
    expect(new Set(numbers).size).toBe(steps);
    await saved();
    expect(await statesOf(desk.store)).toEqual({ dismissed: steps, found: 10 });
    const events = await desk.store.db.selectFrom('events').select('reason').where('action', '=', 'dismiss').execute();
    expect(events.filter(({ reason }) => reason === 'season')).toHaveLength(steps / 2);
    expect(events.filter(({ reason }) => reason === 'cloud')).toHaveLength(steps / 2);
  }, 60_000);

  it('takes the reason again with D D, and takes the step back with U, at the patch that it was', async () => {
    const before = await chosen();
    await page.keyboard.press('d');
    await page.locator('.sheet .last').waitFor();
    await page.keyboard.press('d');
    await gone(before!);
    await saved();
    await expect.poll(() => statesOf(desk.store)).toEqual({ dismissed: steps + 1, found: 9 });
    await page.keyboard.press('u');
    await page.locator(`.patch[aria-label="${before}"] .title`, { hasText: '已发现' }).waitFor();
    await expect.poll(() => statesOf(desk.store)).toEqual({ dismissed: steps, found: 10 });
  });

  it('warns with the opinion drafted for the patch, changed by a person, and keeps notes', async () => {
    const number = (await chosen())!;
    await page.keyboard.press('n');
    await page.locator('.sheet textarea').fill('与去年同地块比对');
    await page.keyboard.press('Enter');
    await page.locator('.sheet').waitFor({ state: 'hidden' });
    expect(await chosen()).toBe(number);
    await page.keyboard.press('w');
    expect(await page.locator('.sheet textarea').inputValue()).toMatch(
      /^疑似.+面积\d+\.\d\d亩，请按期实地核查并举证。$/,
    );
    await page.keyboard.type('三日内。');
    await page.keyboard.press('Enter');
    await gone(number);
    await saved();
    const events = await desk.store.db
      .selectFrom('events')
      .select(['action', 'payloadJson'])
      .where('subjectId', '=', `patch-${number}`)
      .orderBy('seq')
      .execute();
    expect(events.map(({ action }) => action).slice(-2)).toEqual(['note', 'warn']);
    expect(events.at(-2)!.payloadJson).toContain('与去年同地块比对');
    expect(events.at(-1)!.payloadJson).toMatch(/疑似.+三日内。/);
  });

  it('says that a state has no such step, and sends nothing', async () => {
    await page.locator('.queue').evaluate((list) => list.scrollTo(0, 0));
    await page.locator('.queue .row', { hasText: '已排除' }).first().click();
    await page.keyboard.press('d');
    await page.locator('.toast.bad', { hasText: '该状态不能办理' }).waitFor();
    expect(await page.locator('.sheet').count()).toBe(0);
  });

  it('shows a patch as it really is where somebody else was faster, and says so', async () => {
    await lastFound();
    const number = (await chosen())!;
    await title(number.slice(-4));
    const headers = { Authorization: `Bearer ${desk.link.split('#key=')[1]}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ action: 'warn', note: '先办了' });
    const other = await fetch(`${desk.server.url}/patches/${number}/transitions`, { method: 'POST', headers, body });
    expect(other.status).toBe(200);
    await page.keyboard.press('d');
    await page.locator('.sheet .reasons').waitFor();
    await page.keyboard.press('3');
    await page.locator('.toast.bad', { hasText: `${number.slice(-4)} · 刚被他人办理` }).waitFor();
    await page.locator(`#row-${number}`, { hasText: '已预警' }).waitFor();
  });

  it('sends a step once though its answer was lost on the way, and shows what waits', async () => {
    await lastFound();
    const number = (await chosen())!;
    let tries = 0;
    await page.route('**/transitions', async (route) => {
      tries++;
      if (tries > 2) return route.continue();
      if (tries === 2) await route.fetch();
      return route.abort();
    });
    await page.keyboard.press('d');
    await page.locator('.sheet .reasons').waitFor();
    await page.keyboard.press('4');
    await page.locator('.sending.stuck', { hasText: '1 条待提交' }).waitFor();
    await saved();
    await page.unroute('**/transitions');
    expect(tries).toBe(3);
    const events = await desk.store.db
      .selectFrom('events')
      .select('action')
      .where('subjectId', '=', `patch-${number}`)
      .execute();
    expect(events.map(({ action }) => action)).toEqual(['find', 'dismiss']);
  });

  it('tells every key in one table', async () => {
    await page.keyboard.press('?');
    await page.locator('dialog.keys-help[open]').waitFor();
    expect(await page.locator('.keys-help dt').count()).toBeGreaterThan(12);
    await page.keyboard.press('Escape');
    await page.locator('dialog.keys-help').waitFor({ state: 'detached' });
  });

  it('complains of nothing but what was refused or broken on purpose', async () => {
    await page.close();
    expect(desk.complaints.filter((text) => !/Failed to load resource/.test(text))).toEqual([]);
  });
});

/** In the page: from each key that takes a step to the frames that show the next patch, and its two pictures. */
const watchSteps = `(() => {
  const painted = (name, key) => requestAnimationFrame(() => setTimeout(() => performance.measure(name, { start: key })));
  addEventListener('keydown', (event) => {
    if (!/^[0-9]$/.test(event.key) || document.querySelector('.sheet .reasons') === null) return;
    const before = document.querySelector('.patch').getAttribute('aria-label');
    let told = false;
    const look = () => {
      const patch = document.querySelector('.patch');
      const there = patch.getAttribute('aria-label') !== before && patch.querySelector('.title') !== null;
      if (there && !told) painted('text', event.timeStamp);
      told ||= there;
      const images = [...patch.querySelectorAll('.compare img')];
      if (there && images.length > 1 && images.every((image) => image.complete)) painted('pictures', event.timeStamp);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
})()`;
