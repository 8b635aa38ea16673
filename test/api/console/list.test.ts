import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing } from '../../support/browser.ts';
import { type PlantedDesk, plantDesk } from './desk.ts';

const many = 700;

describe.skipIf(browserMissing)(`a list of ${many} patches`, () => {
  let desk: PlantedDesk;
  let page: Page;
  beforeAll(async () => {
    desk = await plantDesk(many);
    page = await desk.open();
  }, 60_000);
  afterAll(() => desk?.close());

  const drawn = () => page.locator('.queue .row').count();
  const last = () => page.locator('.queue .row').last().getAttribute('aria-posinset');

  it('draws only the rows in sight, and loads the others as one comes near them', async () => {
    await page.locator('.list h2', { hasText: `${many} 条` }).waitFor();
    expect(await drawn()).toBeLessThan(40);
    await expect
      .poll(async () => {
        await page.locator('.queue').evaluate((list) => list.scrollTo(0, list.scrollHeight));
        return last();
      })
      .toBe(String(many));
    expect(await drawn()).toBeLessThan(40);
  });

  it('is gone through from its end, in the order of areas too', async () => {
    await page.locator('.list select[name="order"]').selectOption('area');
    await page.locator('.queue').evaluate((list) => list.scrollTo(0, 0));
    await page.locator('.queue .row[aria-posinset="1"]').click();
    expect(await page.locator('.queue .row[aria-posinset="1"] .size').getAttribute('title')).toBe('35,350 m²');
    await page.keyboard.press('j');
    await page.locator('.queue .row[aria-posinset="2"][aria-current="true"]').waitFor();
  });

  it('is selected whole', async () => {
    await page.keyboard.press('a');
    await page.locator('.batch b', { hasText: `已选 ${many} 条` }).waitFor();
  });
});
