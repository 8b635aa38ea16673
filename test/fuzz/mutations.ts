import { deflateSync, zstdCompressSync } from 'node:zlib';
import type { MutableTiff } from './mutable-tiff.ts';

/** Spoils a file in place, or gives the bytes of another; false where it cannot be done to this one. */
export type Mutation = (tiff: MutableTiff) => unknown;

const width = 256;
const height = 257;
const compressionTag = 259;
const enormous = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 65_535, 2 ** 30, 0];

/** Sets one value of the first directory that has the tag. */
const set = (tag: number, ...values: number[]): Mutation => {
  return (tiff) => tiff.setValue(tag, tiff.pick(values));
};

const ofDamage: Record<string, Mutation> = {
  'bits flipped anywhere': (tiff) => tiff.flip(1 + tiff.below(8), 0, tiff.bytes.length),
  'bits flipped in a directory': (tiff) => {
    const { at, nextAt } = tiff.pick(tiff.layout.directories);
    tiff.flip(1 + tiff.below(4), at, nextAt + 4);
  },
  'a bit flipped in the header': (tiff) => tiff.flip(1, 0, 16),
  'bits flipped in a chunk': (tiff) => {
    const { at, bytes } = tiff.chunk(tiff.pick(tiff.written()));
    tiff.flip(1 + tiff.below(6), at, at + bytes);
  },
  'a bit flipped at the end of a chunk': (tiff) => {
    const { at, bytes } = tiff.chunk(tiff.pick(tiff.written()));
    tiff.flip(1, at + Math.max(0, bytes - 6), at + bytes);
  },
  'noise over part of a chunk': (tiff) => {
    const { at, bytes } = tiff.chunk(tiff.pick(tiff.written()));
    const from = at + tiff.below(bytes);
    for (let i = from; i < Math.min(at + bytes, from + 40); i++) tiff.bytes[i] = tiff.below(256);
  },
  'zeros over a chunk': (tiff) => {
    const { at, bytes } = tiff.chunk(tiff.pick(tiff.written()));
    tiff.bytes.fill(0, at, at + bytes);
  },
  'a piece cut out': (tiff) => {
    const at = tiff.below(tiff.bytes.length);
    return Buffer.concat([tiff.bytes.subarray(0, at), tiff.bytes.subarray(at + 1 + tiff.below(64))]);
  },
  'noise behind the end': (tiff) => {
    tiff.append(Uint8Array.from({ length: 100 }, () => tiff.below(256)));
  },
};

const ofChunks: Record<string, Mutation> = {
  'a chunk past the end': (tiff) =>
    tiff.moveChunk(tiff.pick(tiff.written()), { at: tiff.bytes.length + tiff.below(9999) }),
  'a chunk at the end of numbers': (tiff) =>
    tiff.moveChunk(tiff.pick(tiff.written()), { at: 2 ** 32 - 1 - tiff.below(99) }),
  'a chunk anywhere': (tiff) => tiff.moveChunk(tiff.pick(tiff.written()), { at: tiff.below(tiff.bytes.length) }),
  'a chunk at the header': (tiff) => tiff.moveChunk(tiff.pick(tiff.written()), { at: 0 }),
  'two chunks swapped': (tiff) => {
    const written = tiff.written();
    if (written.length < 2) return false;
    const [a, b] = [tiff.pick(written.slice(0, -1)), written.at(-1)!];
    const [placeA, placeB] = [tiff.chunk(a), tiff.chunk(b)];
    tiff.moveChunk(a, placeB);
    tiff.moveChunk(b, placeA);
  },
  'two chunks at one place': (tiff) => {
    const written = tiff.written();
    if (written.length < 2) return false;
    tiff.moveChunk(written.at(-1)!, tiff.chunk(tiff.pick(written.slice(0, -1))));
  },
  'chunks that overlap': (tiff) => {
    const index = tiff.pick(tiff.written());
    tiff.moveChunk(index, { at: tiff.chunk(index).at + 1 + tiff.below(20) });
  },
  'a byte count of nothing': (tiff) => tiff.moveChunk(tiff.pick(tiff.written()), { bytes: 0 }),
  'a byte count too small': (tiff) => {
    const index = tiff.pick(tiff.written());
    const { bytes } = tiff.chunk(index);
    tiff.moveChunk(index, { bytes: Math.max(1, tiff.pick([1, 2, bytes >> 1, bytes - 1, bytes - 4])) });
  },
  'a byte count too large': (tiff) => {
    const index = tiff.pick(tiff.written());
    const { bytes } = tiff.chunk(index);
    tiff.moveChunk(index, { bytes: bytes + tiff.pick([1, 5, 64, 4096]) });
  },
  'a byte count of gigabytes': (tiff) => tiff.moveChunk(tiff.pick(tiff.written()), { bytes: 2 ** 32 - 1 }),
  'byte counts of nothing': (tiff) => {
    for (const index of tiff.written()) tiff.moveChunk(index, { bytes: 0 });
  },
  'tables that are too long': (tiff) => {
    const { offsets, counts } = tiff.tables()!;
    tiff.setCount(tiff.pick([offsets, counts]), tiff.pick([2 ** 20, 2 ** 28, 2 ** 31, 2 ** 32 - 1]));
  },
  'tables that are too short': (tiff) => {
    const { offsets, counts } = tiff.tables()!;
    const entry = tiff.pick([offsets, counts]);
    tiff.setCount(entry, tiff.pick([0, 1, entry.count - 1]));
  },
  'tables that lie in pixels': (tiff) => {
    const { offsets, counts } = tiff.tables()!;
    tiff.setPointer(tiff.pick([offsets, counts]), tiff.chunk(tiff.pick(tiff.written())).at);
  },
  'tables past the end': (tiff) => {
    const { offsets, counts } = tiff.tables()!;
    tiff.setPointer(tiff.pick([offsets, counts]), tiff.bytes.length - tiff.below(3));
  },
};

const mostInflated = 256 * 2 ** 20;
let bombs: Record<number, Buffer> | null = null;

/** Streams of a few bytes that go on for 256 MiB, by compression. */
function bombOf(compression: number): Buffer | undefined {
  bombs ??= {
    8: deflateSync(Buffer.alloc(mostInflated), { level: 9 }),
    50000: zstdCompressSync(Buffer.alloc(mostInflated)),
    // Repeats of 128 zeros.
    32773: Buffer.alloc(2 ** 18, Buffer.from([0x81, 0])),
  };
  return bombs[compression];
}

const ofBombs: Record<string, Mutation> = {
  'a chunk that inflates for ever': (tiff) => {
    const bomb = bombOf(tiff.value(compressionTag)!);
    if (bomb === undefined) return false;
    tiff.moveChunk(tiff.pick(tiff.written()), { at: tiff.append(bomb), bytes: bomb.length });
  },
  'a JPEG of gigabytes': (tiff) => {
    if (tiff.value(compressionTag) !== 7) return false;
    const { at, bytes } = tiff.chunk(tiff.pick(tiff.written()));
    const frame = tiff.bytes.subarray(at, at + bytes).indexOf(Buffer.from([0xff, 0xc0]));
    tiff.bytes.writeUInt16BE(65_500, at + frame + 5);
    tiff.bytes.writeUInt16BE(65_500, at + frame + 7);
  },
  'a LERC blob of gigabytes': (tiff) => {
    if (tiff.value(compressionTag) !== 34_887) return false;
    const { at } = tiff.chunk(tiff.pick(tiff.written()));
    if (tiff.bytes.toString('latin1', at, at + 5) !== 'Lerc2') return false;
    tiff.bytes.writeUInt32LE(65_500, at + 14);
    tiff.bytes.writeUInt32LE(65_500, at + 18);
  },
  'one chunk of gigabytes that inflates for ever': (tiff) => {
    const bomb = bombOf(tiff.value(compressionTag)!);
    if (bomb === undefined) return false;
    const [wide, tall] = tiff.entry(322) ? [322, 323] : [width, 278];
    tiff.setValue(wide, 16_384);
    tiff.setValue(tall, 16_384);
    tiff.setValue(width, 16_384);
    tiff.setValue(height, 16_384);
    tiff.moveChunk(0, { at: tiff.append(bomb), bytes: bomb.length });
  },
};

const ofChains: Record<string, Mutation> = {
  'directories that bite their tail': (tiff) =>
    tiff.numbers.setWord(tiff.layout.directories.at(-1)!.nextAt, tiff.layout.directories[0].at),
  'a directory that follows itself': (tiff) => {
    const { at, nextAt } = tiff.pick(tiff.layout.directories);
    tiff.numbers.setWord(nextAt, at);
  },
  'a directory among pixels': (tiff) =>
    tiff.numbers.setWord(tiff.layout.directories.at(-1)!.nextAt, tiff.chunk(tiff.pick(tiff.written())).at),
  'a directory past the end': (tiff) =>
    tiff.numbers.setWord(tiff.layout.directories.at(-1)!.nextAt, tiff.bytes.length + tiff.below(99)),
  'the first directory among pixels': (tiff) =>
    tiff.numbers.setWord(tiff.layout.bigTiff ? 8 : 4, tiff.chunk(tiff.pick(tiff.written())).at),
  'the first directory anywhere': (tiff) =>
    tiff.numbers.setWord(tiff.layout.bigTiff ? 8 : 4, tiff.below(tiff.bytes.length)),
  'a directory of thousands of tags': (tiff) =>
    tiff.numbers.setNumber(
      tiff.pick(tiff.layout.directories).at,
      tiff.layout.bigTiff ? 8 : 2,
      tiff.pick([60_000, 65_535]),
    ),
  'a directory without tags': (tiff) =>
    tiff.numbers.setNumber(tiff.layout.directories[0].at, tiff.layout.bigTiff ? 8 : 2, 0),
  'a directory that ends early': (tiff) => {
    const { at, entries } = tiff.layout.directories[0];
    tiff.numbers.setNumber(at, tiff.layout.bigTiff ? 8 : 2, 1 + tiff.below(entries.length));
  },
  'another kind of directory': (tiff) => {
    const directory = tiff.below(tiff.layout.directories.length);
    return tiff.setValue(254, tiff.pick([0, 1, 2, 4, 5]), 0, directory);
  },
};

const ofSizes: Record<string, Mutation> = {
  'two thousand million pixels a side': (tiff) => {
    const side = tiff.pick([2 ** 31 - 1, 2 ** 31]);
    for (const tag of [width, height]) tiff.replace(tiff.entry(tag)!, 4, 1, tiffLong(tiff, side));
    if (tiff.below(2)) tiff.setValue(278, 2 ** 31 - 1);
  },
  'two thousand million rows': (tiff) => {
    tiff.replace(tiff.entry(height)!, 4, 1, tiffLong(tiff, 2 ** 31 - 1));
    const rows = tiff.entry(278);
    if (rows) tiff.replace(rows, 4, 1, tiffLong(tiff, 2 ** 31 - 1));
  },
  'a width it does not have': (tiff) =>
    set(width, ...enormous, tiff.value(width)! + 1, tiff.value(width)! - 1, 2 * tiff.value(width)!)(tiff),
  'a height it does not have': (tiff) =>
    set(height, ...enormous, tiff.value(height)! + 1, tiff.value(height)! - 1, 2 * tiff.value(height)!)(tiff),
  'tiles or strips of another size': (tiff) =>
    tiff.setValue(tiff.pick([322, 323, 278]), tiff.pick([0, 1, 16, 48, 65_520, 65_535])),
  'samples it does not have': set(277, 0, 1, 2, 5, 65_535),
  'bits it does not have': set(258, 0, 1, 7, 8, 12, 16, 32, 64, 65_535),
  'bits that differ from band to band': (tiff) => tiff.setValue(258, tiff.pick([8, 16, 32]), 1),
};

const ofTags: Record<string, Mutation> = {
  'another compression': set(
    compressionTag,
    0,
    1,
    2,
    4,
    5,
    6,
    7,
    8,
    32_773,
    32_946,
    34_887,
    34_925,
    50_000,
    50_001,
    4711,
  ),
  'another predictor': set(317, 0, 1, 2, 3, 4),
  'another arrangement of bands': set(284, 0, 1, 2, 3),
  'another sample format': set(339, 0, 1, 2, 3, 4, 5, 6),
  'another photometry': set(262, 0, 1, 2, 3, 5, 6, 8),
  // 1, associated alpha, is taken out of the samples by us and left in by GDAL.
  'other extra samples': set(338, 0, 2, 9),
  'another type of a tag': (tiff) =>
    tiff.setType(
      tiff.pick(tiff.layout.directories[0].entries),
      tiff.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 99]),
    ),
  'another count of a tag': (tiff) =>
    tiff.setCount(
      tiff.pick(tiff.layout.directories[0].entries),
      tiff.pick([0, 1, 2, 7, 1000, 2 ** 20, 2 ** 30, 2 ** 32 - 1]),
    ),
  'another value of a tag': (tiff) =>
    tiff.setPointer(
      tiff.pick(tiff.layout.directories[0].entries),
      tiff.pick([0, 1, 2, 3, 255, 65_535, tiff.below(tiff.bytes.length), 2 ** 31, 2 ** 32 - 1]),
    ),
  'another tag': (tiff) =>
    tiff.numbers.setNumber(
      tiff.pick(tiff.layout.directories[0].entries).at,
      2,
      tiff.pick([254, 255, 256, 258, 266, 274, 273, 277, 322, 330, 347, 33_550, 34_735, 42_113, 50_674, 0, 65_535]),
    ),
  'another tag of a later directory': (tiff) => {
    if (tiff.layout.directories.length === 1) return false;
    const later = tiff.pick(tiff.layout.directories.slice(1));
    tiff.setPointer(
      tiff.pick(later.entries),
      tiff.pick([0, 1, 2, 3, 8, 65_535, tiff.below(tiff.bytes.length), 2 ** 31]),
    );
  },
};

const nodataTexts = [
  'nan',
  '-inf',
  '1e999',
  '-1.7e308',
  '0x10',
  ' 777',
  '777 5',
  'none',
  '',
  '-0',
  '1e-320',
  '65536',
  '777.5',
  '٧٧٧',
  '9'.repeat(300),
];
const strange = [0, -0, -10, Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e300, 1e-300, 5e-324];

const ofMeaning: Record<string, Mutation> = {
  'a strange nodata value': (tiff) => {
    const text = Buffer.from(`${tiff.pick(nodataTexts)}\0`);
    // Where there is none, the software or the metadata give their place away.
    const entry = tiff.entry(42_113) ?? tiff.entry(34_737);
    if (entry === undefined) return false;
    tiff.numbers.setNumber(entry.at, 2, 42_113);
    tiff.replace(entry, 2, text.length, text);
  },
  'garbage for geokeys': (tiff) => {
    const entry = tiff.entry(34_735)!;
    for (let i = 0; i <= tiff.below(4); i++)
      tiff.setValue(
        34_735,
        tiff.pick([0, 1, 2, 3, 1024, 2048, 3072, 4326, 32_650, 32_767, 34_736, 34_737, 65_535, tiff.below(65_536)]),
        tiff.below(entry.count),
      );
  },
  'noise for geokeys': (tiff) => {
    const { valueAt, valueBytes } = tiff.entry(34_735)!;
    for (let i = 0; i < valueBytes; i++) tiff.bytes[valueAt + i] = tiff.below(256);
  },
  'a strange pixel size': (tiff) =>
    tiff.replace(tiff.entry(33_550)!, 12, 3, tiff.doubles([tiff.pick(strange), tiff.pick([...strange, 10]), 0])),
  'a strange tiepoint': (tiff) =>
    tiff.replace(
      tiff.entry(33_922)!,
      12,
      6,
      tiff.doubles([0, tiff.pick([0, ...strange]), 0, tiff.pick(strange), tiff.pick([...strange, 3e6]), 0]),
    ),
  'samples that are no numbers': (tiff) => {
    if (tiff.value(339) !== 3 || tiff.value(compressionTag) !== 1) return false;
    const { at, bytes } = tiff.chunk(tiff.pick(tiff.written()));
    const patterns = [0x7fc00000, 0x7f800000, 0xff800000, 0xffffffff, 0x7f800001, 0x80000000, 0x00000001];
    for (let i = 0; i < 200; i++) tiff.numbers.setNumber(at + 4 * tiff.below(bytes / 4), 4, tiff.pick(patterns));
  },
};

function tiffLong(tiff: MutableTiff, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  if (tiff.layout.littleEndian) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

const truncated = Object.fromEntries(
  Array.from({ length: 9 }, (_, k): [string, Mutation] => [
    `cut off at ${k + 1} tenths`,
    ({ bytes }) => bytes.subarray(0, Math.floor((bytes.length * (k + 1)) / 10)),
  ]),
);

export const mutations: Readonly<Record<string, Mutation>> = {
  ...ofDamage,
  ...truncated,
  ...ofChunks,
  ...ofBombs,
  ...ofChains,
  ...ofSizes,
  ...ofTags,
  ...ofMeaning,
};
