import { afterAll, describe, expect, test } from 'vitest';
import { allocate, arenaMemory, release } from '../../../imagery/kernels/arena.ts';
import { codecs, SLACK_BYTES } from '../../../imagery/kernels/codecs.ts';
import { decodeLzw } from '../../../imagery/tiff/lzw.ts';
import { seededRandom } from '../../support/random.ts';

const memory = new Uint8Array(arenaMemory.buffer);
const room = 300_000;
const [source, target] = [allocate(room), allocate(room)];
afterAll(() => [source, target].forEach(release));

const random = seededRandom(3);
const below = (limit: number) => Math.floor(random() * limit);

function decode(stream: Uint8Array, capacity: number): Buffer | null {
  memory.set(stream, source);
  memory.fill(0x5a, target - SLACK_BYTES, target + capacity + 2 * SLACK_BYTES);
  const produced = codecs.decodeLzw(source, stream.length, target, capacity);
  const behind = memory.subarray(target + capacity + SLACK_BYTES, target + capacity + 2 * SLACK_BYTES);
  const before = memory.subarray(target - SLACK_BYTES, target);
  expect([...before, ...behind].every((byte) => byte === 0x5a)).toBe(true);
  return produced < 0 ? null : Buffer.from(memory.slice(target, target + produced));
}

/** TIFF's LZW as section 13 of TIFF 6.0 writes it down; the dictionary is cleared when it is full. */
function encode(content: Uint8Array): Buffer {
  const bits: string[] = [];
  let dictionary = new Map<string, number>();
  let next = 258;
  let width = 9;
  const put = (code: number) => bits.push(code.toString(2).padStart(width, '0'));
  const reset = () => {
    put(256);
    dictionary = new Map(Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(byte), byte]));
    next = 258;
    width = 9;
  };
  reset();
  let known = '';
  for (const byte of content) {
    const longer = known + String.fromCharCode(byte);
    if (dictionary.has(longer)) {
      known = longer;
      continue;
    }
    put(dictionary.get(known)!);
    dictionary.set(longer, next++);
    if (next === 512 || next === 1024 || next === 2048) width++;
    if (next === 4094) reset();
    known = String.fromCharCode(byte);
  }
  if (known !== '') put(dictionary.get(known)!);
  put(257);
  const text = bits.join('');
  return Buffer.from(text.match(/.{1,8}/g)!.map((eight) => Number.parseInt(eight.padEnd(8, '0'), 2)));
}

const contents: [string, Uint8Array][] = [
  ['nothing', new Uint8Array(0)],
  ['one byte', Uint8Array.of(7)],
  ['zeros, every string of which is the newest', new Uint8Array(200_000)],
  ['noise, which fills the dictionary many times over', Uint8Array.from({ length: 60_000 }, () => below(256))],
  ['few values', Uint8Array.from({ length: 100_000 }, () => below(3))],
  ['short patterns', Uint8Array.from({ length: 100_000 }, (_, i) => (i % (2 + ((i >> 10) % 17))) * 9)],
];

describe('LZW', () => {
  test.each(contents)('%s', (_, content) => {
    const stream = encode(content);
    expect(decode(stream, content.length)?.equals(content)).toBe(true);
    expect(decode(stream, content.length + 999)?.equals(content)).toBe(true);
    const part = content.subarray(0, content.length >> 1);
    expect(decode(stream, part.length)?.equals(part)).toBe(true);
  });

  test('damaged streams end as the plain decoder ends, within their bounds', () => {
    const streams = contents.map(([, content]) => encode(content.subarray(0, 4000)));
    let refused = 0;
    for (let round = 0; round < 3000; round++) {
      const good = streams[round % streams.length];
      const stream = Buffer.from(round % 3 ? good : good.subarray(0, below(good.length)));
      for (let hit = 0; hit <= below(3) && stream.length > 1; hit++) stream[1 + below(stream.length - 1)] = below(256);
      let wanted: Buffer | null = null;
      try {
        wanted = Buffer.from(decodeLzw(stream, 4000));
      } catch {
        refused++;
      }
      expect(decode(stream, 4000), `round ${round}`).toEqual(wanted);
    }
    expect(refused).toBeGreaterThan(500);
  });
});
