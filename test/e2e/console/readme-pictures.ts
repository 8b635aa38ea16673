import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { launchBrowser } from '../../support/browser.ts';

const usage = `node test/e2e/console/readme-pictures.ts LINK NUMBER

Takes the README's pictures of the demonstration that runs at LINK (as npm start prints it), with the patch NUMBER chosen.`;

const folder = fileURLToPath(new URL('../../../api/console/pictures/', import.meta.url));

interface Wanted {
  file: string;
  language: 'en' | 'zh';
  /** Under /console/. */
  path: (number: string) => string;
  /** What is there when the page has been drawn. */
  drawn: string;
  width: number;
  height: number;
}

const desk = {
  path: (number: string) => `?patch=${number}`,
  drawn: '.swipe img >> nth=1',
  width: 1440,
  height: 900,
};

/** English for the README itself, Chinese as the console comes. */
const pictures: Wanted[] = [
  { file: 'console.png', language: 'en', ...desk },
  { file: 'console-zh.png', language: 'zh', ...desk },
  { file: 'patch.png', language: 'en', ...desk, path: (number) => `?patch=${number}&full=1` },
  { file: 'dashboard.png', language: 'en', ...desk, path: () => 'dashboard', drawn: '.dashboard section' },
];

/** Map and pictures come after the page: it is taken when nothing has moved for so long. */
const restMs = 2500;

async function main([link, number]: string[]): Promise<void> {
  if (number === undefined) return console.log(usage);
  const browser = await launchBrowser();
  for (const { file, language, path, drawn, width, height } of pictures) {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.addInitScript((spoken) => localStorage.setItem('tuban.language', spoken), language);
    await page.goto(link.replace('/#', `/console/${path(number)}#`));
    await page.locator(drawn).first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(restMs);
    // 256 colours do for a screen, in a third of the bytes.
    await sharp(await page.screenshot())
      .png({ palette: true, compressionLevel: 9, effort: 10 })
      .toFile(folder + file);
    await page.close();
  }
  await browser.close();
}

await main(process.argv.slice(2));
