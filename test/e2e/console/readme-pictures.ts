import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { launchBrowser } from '../../support/browser.ts';

const usage = `node test/e2e/console/readme-pictures.ts LINK NUMBER

Takes the README's pictures of the demonstration that runs at LINK (as npm start prints it), with the patch NUMBER chosen.`;

const folder = fileURLToPath(new URL('../../../api/console/pictures/', import.meta.url));

/** English for the README itself, Chinese as the console comes. */
const pictures = [
  { file: 'console.png', language: 'en' },
  { file: 'console-zh.png', language: 'zh' },
];

async function main([link, number]: string[]): Promise<void> {
  if (number === undefined) return console.log(usage);
  const browser = await launchBrowser();
  for (const { file, language } of pictures) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript((spoken) => localStorage.setItem('tuban.language', spoken), language);
    await page.goto(link.replace('/#', `/console/?patch=${number}#`));
    await page.locator('.patch', { hasText: number.slice(-4) }).waitFor();
    await page.locator('.swipe img').nth(1).waitFor();
    await page.waitForLoadState('networkidle');
    // 256 colours do for a screen, in a third of the bytes.
    await sharp(await page.screenshot())
      .png({ palette: true, compressionLevel: 9, effort: 10 })
      .toFile(folder + file);
    await page.close();
  }
  await browser.close();
}

await main(process.argv.slice(2));
