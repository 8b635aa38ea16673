import { constants, deflateRawSync, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { allocate, arenaMemory, release } from '../../../imagery/kernels/arena.ts';
import { codecs, INFLATED, INFLATED_TOO_LONG } from '../../../imagery/kernels/codecs.ts';
import { seededRandom } from '../../support/random.ts';

const memory = new Uint8Array(arenaMemory.buffer);
const most = 600_000;
const fence = 64;
const blocks = Array.from({ length: 4 }, () => allocate(most + 2 * fence));
afterAll(() => blocks.forEach(release));

/** Input and output of a stream, with bytes round the output that have to stay as they are. */
function lay(which: 0 | 1, stream: Uint8Array, capacity: number) {
  const from = blocks[2 * which];
  const to = blocks[2 * which + 1] + fence;
  memory.fill(0xa5, from, from + stream.length + fence);
  memory.set(stream, from);
  memory.fill(0x5a, to - fence, to + capacity + fence);
  const read = (status: number) => {
    const outside = [...memory.subarray(to - fence, to), ...memory.subarray(to + capacity, to + capacity + fence)];
    expect(outside.every((byte) => byte === 0x5a)).toBe(true);
    const produced = codecs.inflatedBytes(which);
    expect(produced).toBeLessThanOrEqual(capacity);
    return { status, bytes: Buffer.from(memory.slice(to, to + produced)) };
  };
  return { from, to, read };
}

function one(stream: Uint8Array, capacity: number) {
  const { from, to, read } = lay(0, stream, capacity);
  return read(codecs.inflateOne(from, stream.length, to, capacity));
}

function pair(a: Uint8Array, capacityA: number, b: Uint8Array, capacityB: number) {
  const first = lay(0, a, capacityA);
  const second = lay(1, b, capacityB);
  const status = codecs.inflatePair(
    first.from,
    a.length,
    first.to,
    capacityA,
    second.from,
    b.length,
    second.to,
    capacityB,
  );
  return [first.read(status & 255), second.read(status >> 8)];
}

const random = seededRandom(5);
const below = (limit: number) => Math.floor(random() * limit);
const bytesOf = (length: number, byte: (i: number) => number) =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => byte(i)));

/** Repeats of what came up to 32 KiB before, of all lengths. */
function repeating(length: number, reach: number): Buffer {
  const bytes = bytesOf(length, () => below(256));
  for (let at = reach; at < length; ) {
    const distance = 1 + below(reach);
    const run = 3 + below(random() < 0.2 ? 400 : 12);
    for (let i = 0; i < run && at < length; i++, at++) bytes[at] = bytes[at - distance];
    at += below(4);
  }
  return bytes;
}

const contents: [name: string, bytes: Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.of(200)],
  ['zeros', Buffer.alloc(100_000)],
  ['noise', bytesOf(70_000, () => below(256))],
  ['few values', bytesOf(70_000, () => below(3))],
  ['skewed values, whose codes are of all lengths', bytesOf(100_000, () => Math.floor(256 * random() ** 12))],
  ['differences of 16-bit pixels', bytesOf(100_000, (i) => (i % 2 ? (below(9) ? 0 : 255) : below(200)))],
  ['patterns of 1 to 20 bytes', bytesOf(60_000, (i) => ((i >> 9) * 31 + (i % (1 + ((i >> 9) % 20))) * 7) & 255)],
  ['text', Buffer.from(Array.from({ length: 4000 }, (_, i) => `line ${i * i} of ${i % 77}\n`).join(''))],
  ['near repeats', repeating(80_000, 40)],
  ['far repeats', repeating(150_000, 32_768)],
  ['a far repeat beyond a window of noise', Buffer.concat([repeating(32_768, 32_768), repeating(32_768, 32_768)])],
];
const strategies = {
  default: constants.Z_DEFAULT_STRATEGY,
  filtered: constants.Z_FILTERED,
  huffman: constants.Z_HUFFMAN_ONLY,
  rle: constants.Z_RLE,
  fixed: constants.Z_FIXED,
};

describe('what zlib deflates comes back', () => {
  for (const [name, content] of contents) {
    test(name, () => {
      for (const strategy of Object.values(strategies)) {
        for (const level of [0, 1, 6, 9]) {
          const stream = deflateSync(content, { level, strategy, memLevel: 1 + below(9), windowBits: 9 + below(7) });
          expect(one(stream, content.length)).toEqual({ status: INFLATED, bytes: content });
        }
      }
    });
  }

  test('two at a time, however different they are', () => {
    const streams = contents.map(([, content], i) => ({
      content,
      stream: deflateSync(content, { level: 1 + (i % 9) }),
    }));
    for (const { content: a, stream: streamA } of streams) {
      for (const { content: b, stream: streamB } of streams) {
        const results = pair(streamA, a.length, streamB, b.length);
        expect(results.map(({ status }) => status)).toEqual([INFLATED, INFLATED]);
        expect([a.equals(results[0].bytes), b.equals(results[1].bytes)]).toEqual([true, true]);
      }
    }
  });

  test('a damaged stream leaves the one beside it whole', () => {
    const content = contents[6][1];
    const stream = deflateSync(content);
    const damaged = Buffer.from(stream).fill(0x77, 40_000, 40_100);
    const [bad, good] = pair(damaged, content.length, stream, content.length);
    expect(bad.status).not.toBe(INFLATED);
    expect([good.status, good.bytes.equals(content)]).toEqual([INFLATED, true]);
  });
});

describe('lengths', () => {
  const content = repeating(5000, 300);

  test('a stream that ends early says how much it held', () => {
    const { status, bytes } = one(deflateSync(content), content.length + 1000);
    expect([status, bytes.equals(content)]).toEqual([INFLATED, true]);
  });

  test('a stream that holds more than there is room for writes no further', () => {
    for (const level of [0, 6]) {
      for (const capacity of [0, 1, 17, 1300, 4990, 4999]) {
        expect(one(deflateSync(content, { level }), capacity).status).toBe(INFLATED_TOO_LONG);
      }
    }
  });

  test('what follows the stream is left alone', () => {
    const { status, bytes } = one(Buffer.concat([deflateSync(content), Buffer.from('more')]), content.length);
    expect([status, bytes.equals(content)]).toEqual([INFLATED, true]);
  });
});

/** zlib's word on a stream: its bytes, or null where it is no good. */
function judged(stream: Uint8Array): Buffer | null {
  try {
    return inflateSync(stream, { maxOutputLength: most });
  } catch {
    return null;
  }
}

describe('damaged streams end as zlib has it, within their bounds', () => {
  const sources = contents.filter(([, { length }]) => length > 1).map(([, bytes]) => bytes.subarray(0, 6000));

  test('cut off anywhere', () => {
    for (let round = 0; round < 600; round++) {
      const content = sources[round % sources.length];
      const stream = deflateSync(content, { level: below(10), strategy: below(5) });
      const cut = stream.subarray(0, round % 3 ? below(stream.length) : stream.length - 1 - below(8));
      expect(one(cut, content.length).status, `round ${round}`).not.toBe(INFLATED);
    }
  });

  test('bits flipped and bytes overwritten', () => {
    let refused = 0;
    for (let round = 0; round < 2400; round++) {
      const content = sources[round % sources.length];
      const stream = Buffer.from(deflateSync(content, { level: below(10), strategy: below(5) }));
      // Early bytes hold the codes' lengths, where there is most to get wrong.
      const reach = round % 2 ? stream.length : Math.min(stream.length, 100);
      for (let hit = 0; hit <= below(3); hit++) stream[below(reach)] ^= round % 4 < 2 ? 1 << below(8) : below(256);
      const wanted = judged(stream);
      const { status, bytes } = one(stream, content.length);
      if (wanted === null) {
        refused++;
        expect(status, `round ${round}`).not.toBe(INFLATED);
      } else if (wanted.length > content.length) {
        expect(status, `round ${round}`).toBe(INFLATED_TOO_LONG);
      } else {
        expect([status, bytes.equals(wanted)], `round ${round}`).toEqual([INFLATED, true]);
      }
    }
    expect(refused).toBeGreaterThan(2000);
  });

  test('noise behind a good header', () => {
    for (let round = 0; round < 1500; round++) {
      const stream = Buffer.concat([Buffer.of(0x78, 0x9c, 4 + below(2)), bytesOf(300, () => below(256))]);
      const wanted = judged(stream);
      if (wanted === null) expect(one(stream, 4000).status, `round ${round}`).not.toBe(INFLATED);
    }
  });

  test('without the checksum to catch them, valid codes decode as zlib has them', () => {
    for (let round = 0; round < 1000; round++) {
      const content = sources[round % sources.length];
      const raw = Buffer.from(deflateRawSync(content, { level: 1 + below(9), strategy: below(5) }));
      raw[below(Math.min(raw.length, round % 2 ? 80 : raw.length))] ^= 1 << below(8);
      const stream = withChecksum(raw);
      if (stream === null) continue;
      const wanted = judged(stream)!;
      const { status, bytes } = one(stream, wanted.length);
      expect([status, bytes.equals(wanted)], `round ${round}`).toEqual([INFLATED, true]);
    }
  });
});

interface Inflated {
  buffer: Buffer;
  engine: { bytesWritten: number };
}

/** A raw deflate stream that zlib can read, dressed as a zlib stream with the right checksum; null where it cannot. */
function withChecksum(raw: Buffer): Buffer | null {
  const head = Buffer.of(0x78, 0x9c);
  let content: Buffer;
  let used: number;
  try {
    const { buffer, engine } = inflateRawSync(raw, { maxOutputLength: most, info: true }) as unknown as Inflated;
    content = buffer;
    used = engine.bytesWritten;
  } catch {
    return null;
  }
  let plain = 1;
  let weighted = 0;
  for (const byte of content) {
    plain = (plain + byte) % 65_521;
    weighted = (weighted + plain) % 65_521;
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(weighted * 65_536 + plain);
  return Buffer.concat([head, raw.subarray(0, used), sum]);
}
