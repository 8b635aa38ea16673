import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing } from '../../support/browser.ts';
import { type PlantedDesk, plantDesk, statesOf } from './desk.ts';

describe.skipIf(browserMissing)('many patches at once', () => {
  let desk: PlantedDesk;
  let page: Page;
  beforeAll(async () => {
    desk = await plantDesk(12);
    page = await desk.open();
    await page.locator('.patch .title').waitFor();
  }, 60_000);
  afterAll(() => desk?.close());

  const selected = () => page.locator('.batch b').innerText();
  const settled = () => page.waitForFunction(() => document.querySelector('.sending progress') === null);

  it('are selected one by one, by going on with Shift, and all of them', async () => {
    await page.keyboard.press('x');
    expect(await selected()).toBe('已选 1 条');
    await page.keyboard.press('Shift+J');
    await page.keyboard.press('Shift+J');
    expect(await selected()).toBe('已选 3 条');
    await page
      .locator('.queue .row')
      .nth(6)
      .click({ modifiers: ['Shift'] });
    expect(await selected()).toBe('已选 7 条');
    await page.keyboard.press('Escape');
    expect(await page.locator('.batch').count()).toBe(0);
    await page.keyboard.press('a');
    expect(await selected()).toBe('已选 12 条');
    await page.keyboard.press('Escape');
  });

  it('are given to a person, each with a note of it in its history', async () => {
    await page.locator('.queue .tick').nth(0).click();
    await page.locator('.queue .tick').nth(1).click();
    await page.locator('.batch button', { hasText: '指派' }).click();
    await page.locator('.sheet input').fill('李巡查');
    await page.keyboard.press('Enter');
    await page.locator('.sending', { hasText: '已提交 2' }).waitFor();
    const events = await desk.store.db.selectFrom('events').selectAll().where('action', '=', 'assign').execute();
    expect(events.map(({ payloadJson }) => JSON.parse(payloadJson).assignee)).toEqual(['李巡查', '李巡查']);
  });

  it('are warned of with progress, and each that is refused is told in a line of its own', async () => {
    const refused = '4304212025060003';
    const headers = { Authorization: `Bearer ${desk.link.split('#key=')[1]}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ action: 'dismiss', reason: 'cloud' });
    await fetch(`${desk.server.url}/patches/${refused}/transitions`, { method: 'POST', headers, body });
    await page.keyboard.press('a');
    await page.keyboard.press('w');
    await page.locator('.sheet .many', { hasText: '共 12 条' }).waitFor();
    await page.locator('.sheet textarea').fill('请三日内核查');
    await page.keyboard.press('Enter');
    await page.locator('.sending', { hasText: '未办成 1 条' }).waitFor();
    await settled();
    expect(await page.locator('.sending li').allInnerTexts()).toEqual([expect.stringContaining(refused)]);
    expect(await page.locator('.sending li').innerText()).toContain('刚被他人办理');
    expect(await statesOf(desk.store)).toEqual({ warned: 11, dismissed: 1 });
    await page.locator(`#row-${refused}.refused`, { hasText: '已排除' }).waitFor();
  });

  it('are all taken back, but for what was not done', async () => {
    await page.getByRole('button', { name: '撤销这一批' }).click();
    await page.locator('.sending', { hasText: '已提交 11' }).waitFor();
    expect(await statesOf(desk.store)).toEqual({ found: 11, dismissed: 1 });
    await page.locator('.chip[data-state="found"] b', { hasText: '11' }).waitFor();
  });

  it('complain of nothing but the refusal', async () => {
    await page.close();
    expect(desk.complaints.filter((text) => !/Failed to load resource/.test(text))).toEqual([]);
  });
});
