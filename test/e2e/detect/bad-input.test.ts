import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBrokenImages } from '../../fixtures/broken-images.ts';
import { tuban } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);
beforeAll(() => writeBrokenImages(temporary.path('.')));

let runs = 0;

/** What `tuban` says of these arguments; fails unless it is one line, exit code 2, and nothing was written. */
async function refusal(args: readonly string[]): Promise<string> {
  const images = readdirSync(temporary.path('.'));
  const folder = temporary.path(`run-${runs++}`);
  mkdirSync(folder);
  const result = await tuban(
    args.map((arg) => (images.includes(arg) ? temporary.path(arg) : arg)),
    { cwd: folder },
  );
  expect(result).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(/^tuban: [^\n]+\n$/) });
  expect(readdirSync(folder)).toEqual([]);
  return result.stderr.slice('tuban: '.length).trim();
}

const outputs = ['--out', 'p.geojson', '--score', 's.tif'];

describe('an image that cannot be compared is refused with its name, what was wanted and what was got', () => {
  const broken: [file: string, said: RegExp][] = [
    ['text.tif', /wanted an image \(GeoTIFF, .* or BMP\), got text beginning "The image is on the other disk/],
    ['html-error-page.tif', /wanted an image \(.*\), got an HTML page/],
    ['zero-bytes.tif', /wanted an image \(.*\), got an empty file \(0 bytes\)/],
    ['truncated.tif', /is truncated: wanted at least \d+ bytes, got \d+/],
    ['truncated-in-directory.tif', /is truncated: wanted at least \d+ bytes, got 100/],
    ['folder.tif', /wanted an image, got a folder/],
    ['no-crs.tif', /names no CRS, but the other image does; wanted both or neither/],
    ['no-overlap.tif', /does not overlap .*before\.tif/],
    [
      'easting-of-another-crs.tif',
      /does not lie on the Earth in EPSG:4548: wanted the CRS of its coordinates, got .*39520000/,
    ],
    ['three-bands.tif', /has band count 3, but .*before\.tif has 4/],
    ['eight-bit.tif', /has samples of type uint8, but .*before\.tif has uint16/],
  ];

  it.each(broken)('%s', async (file, said) => {
    const message = await refusal(['detect', 'before.tif', file, ...outputs]);
    expect(message.startsWith(`${temporary.path(file)}: `)).toBe(true);
    expect(message).toMatch(said);
  });

  it('a missing file', async () => {
    const message = await refusal(['detect', 'before.tif', 'missing.tif', ...outputs]);
    expect(message).toBe('missing.tif: wanted an image, but there is no such file.');
  });

  it.each(['text.tif', 'no-crs.tif'])('%s as the earlier image too', async (file) => {
    const message = await refusal(['detect', file, 'after.tif', ...outputs]);
    expect(message.startsWith(`${temporary.path(file)}: `)).toBe(true);
  });
});

describe('an option that makes no sense is refused', () => {
  const options: [said: string, ...options: string[]][] = [
    ["option '--min-area <m2>' argument '0' is invalid. Wanted a number above 0, got '0'.", '--min-area', '0'],
    ["option '--min-area <m2>' argument '-1' is invalid. Wanted a number above 0, got '-1'.", '--min-area', '-1'],
    ["option '--min-area <m2>' argument 'abc' is invalid. Wanted a number above 0, got 'abc'.", '--min-area', 'abc'],
    ["option '--crs <epsg>' argument 'EPSG:99' is invalid. CRS \"EPSG:99\" is not known", '--crs', 'EPSG:99'],
    ["option '--bands <roles>' argument 'B,G,R,Q' is invalid. Band role 'Q': wanted one of B, G", '--bands', 'B,G,R,Q'],
    ["unknown option '--min-are' (Did you mean --min-area?)", '--min-are', '300'],
  ];

  it.each(options)('%s', async (said, ...option) => {
    expect(await refusal(['detect', 'before.tif', 'after.tif', ...outputs, ...option])).toContain(said);
  });

  it('names for another number of bands than the image has', async () => {
    const message = await refusal(['detect', 'before.tif', 'after.tif', ...outputs, '--bands', 'B,G,R']);
    expect(message).toBe(`${temporary.path('before.tif')}: has 4 bands, but 3 roles were given (B,G,R).`);
  });
});

describe('an output that cannot be written is refused before anything is', () => {
  const cases: [said: RegExp, ...options: string[]][] = [
    [/^nowhere\/p\.geojson: .*--out: wanted a folder that exists/, '--out', 'nowhere/p.geojson', '--score', 's.tif'],
    [/^nowhere\/s\.tif: .*--score: wanted a folder that exists/, '--out', 'p.geojson', '--score', 'nowhere/s.tif'],
    [
      /after\.tif: cannot be written for --score: wanted a file of its own/,
      '--out',
      'p.geojson',
      '--score',
      'after.tif',
    ],
    [/^same: .*--score: wanted a file of its own, got what --out writes/, '--out', 'same', '--score', 'same'],
    [
      /folder\.tif: cannot be written for --out: wanted a file, got a folder/,
      '--out',
      'folder.tif',
      '--score',
      's.tif',
    ],
    [/^'': .*--out: wanted a file name/, '--out', '', '--score', 's.tif'],
  ];

  it.each(cases)('%s', async (said, ...options) => {
    expect(await refusal(['detect', 'before.tif', 'after.tif', ...options])).toMatch(said);
  });

  it('in a folder that is a file', async () => {
    const inside = join(temporary.path('text.tif'), 'p.geojson');
    const message = await refusal(['detect', 'before.tif', 'after.tif', '--score', 's.tif', '--out', inside]);
    expect(message).toMatch(/wanted a folder to write into, got the file .*text\.tif/);
  });

  it('over an image that is compared, which stays as it was', async () => {
    const bytes = readFileSync(temporary.path('before.tif'));
    expect(await refusal(['detect', 'before.tif', 'after.tif', '--out', 'before.tif'])).toMatch('got an image');
    expect(readFileSync(temporary.path('before.tif')).equals(bytes)).toBe(true);
  });
});

describe('a call that is no call is refused', () => {
  it.each([
    ["unknown command 'detct' (Did you mean detect?)", 'detct'],
    ['wanted one of the commands detect, evaluate, scenes, stac, zones, rules, month, run,'],
    ['scenes: wanted one of the commands add,', 'scenes'],
    ["missing required argument 'after'", 'detect', 'before.tif'],
    ["required option '--month <month>' not specified", 'run'],
  ])('%s', async (said, ...args) => {
    expect(await refusal(args)).toContain(said);
  });
});
