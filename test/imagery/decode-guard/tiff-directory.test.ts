import { describe, expect, test } from 'vitest';
import { DirectoryGuard } from '../../../imagery/decode-guard/tiff-directory.ts';
import { encodeDirectory, type TiffTag } from '../../../imagery/tiff/directory.ts';

const usual: TiffTag[] = [
  { id: 256, type: 'long', values: [640] },
  { id: 257, type: 'long', values: [480] },
  { id: 324, type: 'long', values: Array.from({ length: 40 }, (_, i) => 1000 * i) },
  { id: 42113, type: 'ascii', values: '-9999' },
];

/** What the guard says of a directory; null where it lets it pass. `at` of an entry is its first byte. */
async function verdictOn(tags: TiffTag[], change: (head: Buffer, at: (entry: number) => number) => void = () => {}) {
  return Promise.all(
    [false, true].map(async (bigTiff) => {
      const head = encodeDirectory(tags, bigTiff);
      change(head, (entry) => (bigTiff ? 24 + 20 * entry : 10 + 12 * entry));
      const read = async (offset: number, length: number) => {
        if (offset + length > head.length) throw new Error('beyond the end');
        return head.subarray(offset, offset + length);
      };
      const guard = new DirectoryGuard({ path: 'a.tif', fileSize: head.length, read }, { littleEndian: true, bigTiff });
      return guard.check(bigTiff ? 16 : 8).then(
        () => null,
        (error: Error) => error.message,
      );
    }),
  );
}

const twice = (words: string) => [expect.stringContaining(words), expect.stringContaining(words)];

describe('a directory is looked at before it is believed, in classic and BigTIFF', () => {
  test('a usual one passes', async () => {
    expect(await verdictOn(usual)).toEqual([null, null]);
  });

  test('a tag that stands twice is refused: readers differ in which they take', async () => {
    expect(await verdictOn(usual, (head, at) => head.writeUInt16LE(256, at(1)))).toEqual(twice('tag 256 stands twice'));
  });

  test('so are a type that a tag cannot have, and a second value of what has one', async () => {
    expect(await verdictOn(usual, (head, at) => head.writeUInt16LE(12, at(0) + 2))).toEqual(
      twice('tag 256 is of field type 12'),
    );
    expect(await verdictOn(usual, (head, at) => head.writeUInt32LE(2, at(1) + 4))).toEqual(
      twice('wanted one value of tag 257, got 2'),
    );
  });

  test('values beyond the end of the file are never asked for', async () => {
    expect(await verdictOn(usual, (head, at) => head.writeUInt32LE(0xffff_ffff, at(2) + 4))).toEqual(
      twice('a.tif: is truncated: wanted at least 17179869'),
    );
  });

  test('a directory of no tags, or of thousands, is none', async () => {
    const count = (tags: number) => verdictOn(usual, (head, at) => head.writeUInt16LE(tags, at(0) === 10 ? 8 : 16));
    expect(await count(0)).toEqual(twice('wanted 1 to 4096 tags in a directory, got 0'));
    expect(await count(5000)).toEqual(twice('got 5000'));
  });

  test('a small file cannot claim more by naming its bytes again and again', async () => {
    const head = encodeDirectory([{ id: 324, type: 'long', values: new Array(4000).fill(1) }], false);
    const file = {
      path: 'a.tif',
      fileSize: head.length,
      read: async (at: number, n: number) => head.subarray(at, at + n),
    };
    const guard = new DirectoryGuard(file, { littleEndian: true, bigTiff: false });
    await guard.check(8);
    await guard.check(8);
    await expect(guard.check(8)).rejects.toThrow(`its tags claim 48000 bytes of a file of ${head.length}`);
  });
});
