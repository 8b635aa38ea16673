import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/gdal.ts';
import { osgeoMissing } from '../support/gdal-python.ts';
import { type Mutant, writeMutants } from './mutants.ts';
import { askGdal, type OracleVerdict } from './oracle.ts';
import { type ReadingProcess, readInProcess } from './reading.ts';
import { writeSeedFiles } from './seed-files.ts';
import { type Judged, judge, type Verdict } from './verdict.ts';

/**
 * Valid TIFFs of every kind, each spoilt in some seventy ways, are opened, described and read whole by the product in
 * a process of its own, and by GDAL in another: nothing may hang, crash, grow or differ without a word.
 */
const seedNumber = 1;
const mostMs = 10_000;
const mostRssMb = 512;
const unchanged = 'unchanged';

/** Differences that are right as they are, and why. */
const accounted: { seed: RegExp; mutation: RegExp; verdict: Verdict; why: RegExp; because: string }[] = [
  {
    seed: /^tiled-(alpha|jpeg-four)$/,
    mutation: /^another (photometry|tag|value of a tag)$/,
    verdict: 'different',
    why: /Defining non-color channels as ExtraSamples/,
    because:
      'The image says grey, four samples and one extra: GDAL warns and takes the second for alpha, TIFF the last.',
  },
  {
    seed: /zstd/,
    mutation: /^(bits? flipped|noise over)/,
    verdict: 'different',
    why: /"unread":0,"unseen":0/,
    because: 'ZSTD streams have no checksum, and of some spoilt ones two builds of the library make different bytes.',
  },
  {
    seed: /./,
    mutation: /^a strange nodata value$/,
    verdict: 'different',
    why: /"differ":0/,
    because:
      'Of a nodata value that the samples cannot have GDAL takes the nearest they can; we hold that it hides nothing.',
  },
];

const folder = temporaryFolder();
afterAll(folder.remove);
let mutants: Mutant[];
let process_: ReadingProcess;
let oracle: Map<string, OracleVerdict>;
let ours: Buffer;
let theirs: Buffer;
const seedPath = (name: string) => folder.path(`seeds/${name}.tif`);

function judged({ path, seed }: Mutant, from = ours): Judged {
  const reading = process_.readings.get(path);
  return judge({ reading, ours: from, oracle: oracle.get(path)!, original: oracle.get(seedPath(seed))!, theirs });
}

describe.skipIf(osgeoMissing)('spoilt TIFFs', () => {
  let verdicts: (Mutant & Judged)[];

  beforeAll(async () => {
    mkdirSync(folder.path('seeds'));
    mkdirSync(folder.path('mutants'));
    const seeds = writeSeedFiles(folder.path('seeds'));
    mutants = [
      ...seeds.map(({ name }) => ({ path: seedPath(name), seed: name, mutation: unchanged })),
      ...writeMutants(seeds, seedNumber, (name) => folder.path(`mutants/${name}`)),
    ];
    const paths = mutants.map(({ path }) => path);
    const list = folder.path('list.json');
    writeFileSync(list, JSON.stringify(paths));
    [oracle, process_] = await Promise.all([
      askGdal(list, paths, folder.path('gdal.raw')),
      readInProcess(list, folder.path('ours.raw')),
    ]);
    ours = readFileSync(folder.path('ours.raw'));
    theirs = readFileSync(folder.path('gdal.raw'));
    verdicts = mutants.map((mutant) => ({ ...mutant, ...judged(mutant) }));
  }, 240_000);

  const shown = (of: (Mutant & Judged)[]) =>
    of.map(({ seed, mutation, verdict, why }) => `${seed}, ${mutation}: ${verdict}: ${why}`);
  const count = (verdict: Verdict) => verdicts.filter((one) => one.verdict === verdict).length;

  it('are many, and reach the decoders', () => {
    const counts = Object.fromEntries(
      [...Map.groupBy(verdicts, ({ verdict }) => verdict)].map(([k, v]) => [k, v.length]),
    );
    console.log(`${verdicts.length} files: ${JSON.stringify(counts)}, at most ${Math.round(process_.maxRssMb)} MiB`);
    expect(verdicts.length).toBeGreaterThan(1500);
    expect(count('equal')).toBeGreaterThan(250);
    expect(count('masked')).toBeGreaterThan(150);
    expect(count('refused')).toBeGreaterThan(600);
  });

  it('are equal to what GDAL reads while nothing is done to them', () => {
    const untouched = verdicts.filter(({ mutation }) => mutation === unchanged);
    expect(shown(untouched.filter(({ verdict }) => verdict !== 'equal'))).toEqual([]);
  });

  it('end in pixels or in one line of an ImageryError that names the file', () => {
    expect(shown(verdicts.filter(({ verdict }) => verdict === 'broken'))).toEqual([]);
  });

  it('keep nobody waiting', () => {
    const slow = [...process_.readings.values()].filter(({ ms }) => ms >= mostMs);
    expect(slow.map(({ path, ms }) => `${path}: ${ms} ms`)).toEqual([]);
  });

  it('leave the process alive, and smaller than 512 MiB', () => {
    expect(process_.exitCode).toBe(0);
    expect(process_.maxRssMb).toBeLessThan(mostRssMb);
  });

  it('are never read otherwise than GDAL reads them, without a word', () => {
    const wrong: Verdict[] = ['different', 'lenient', 'misplaced'];
    const silent = verdicts.filter(({ verdict }) => wrong.includes(verdict));
    const isAccounted = ({ seed, mutation, verdict, why }: Mutant & Judged) =>
      accounted.some(
        (one) => one.verdict === verdict && one.seed.test(seed) && one.mutation.test(mutation) && one.why.test(why),
      );
    expect(shown(silent.filter((one) => !isAccounted(one)))).toEqual([]);
    expect(silent.length).toBeLessThan(10);
  });

  it('that claim far more than they hold are refused, or masked chunk by chunk', () => {
    const bombs = verdicts.filter(({ mutation }) => /for ever|(JPEG|blob|chunk) of gigabytes|million/.test(mutation));
    expect(bombs.length).toBeGreaterThan(70);
    const taken = bombs.filter(
      ({ verdict, seed }) => !['refused', 'masked'].includes(verdict) && !/packbits/.test(seed),
    );
    // One image of 16384² whose other tiles were never written.
    expect(shown(taken.filter(({ verdict }) => verdict !== 'too-large'))).toEqual([]);
  });

  it('would not pass with one wrong sample', () => {
    const whole = verdicts.find(({ seed, mutation }) => seed === 'tiled-none-float32' && mutation === unchanged)!;
    const [{ at }] = process_.readings.get(whole.path)!.levels!;
    const spoilt = Buffer.from(ours);
    spoilt[at! + 4001] ^= 1;
    expect(judged(whole, spoilt).verdict).toBe('different');
  });
});
