import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Channels, commonStretch, renderPicture } from '../../imagery/picture.ts';
import { seededRandom } from '../support/random.ts';

const side = 768;

/** Ground of 1000–2000 in every channel, one brighter by 300 per channel; a share of it is a roof of 9000. */
function ground(seed: number, roofShare: number): Channels {
  const random = seededRandom(seed);
  const mask = new Uint8Array(side * side).fill(1);
  const levels = Float32Array.from(mask, () => 1000 + 1000 * random());
  levels.fill(9000, 0, Math.round(roofShare * levels.length));
  return { channels: [0, 1, 2].map((k) => levels.map((level) => level + 300 * k)), mask };
}

async function decoded(png: Uint8Array) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

describe('the stretch that two pictures share', () => {
  it('leaves out the darkest fiftieth, channel by channel, and as much at the bright end', () => {
    const { low, range } = commonStretch([ground(1, 0), ground(2, 0)]);
    for (const [k, black] of low.entries()) expect(Math.abs(black - (1020 + 300 * k))).toBeLessThan(8);
    expect(Math.abs(range - 960)).toBeLessThan(15);
  });

  it('stays with the ground where a bright roof takes a tenth of it', () => {
    const { range } = commonStretch([ground(1, 0), ground(2, 0.2)]);
    expect(range).toBeLessThan(2500);
  });

  it('takes no account of what was not observed', () => {
    const half = ground(3, 0.5);
    half.mask.fill(0, 0, half.mask.length / 2);
    expect(Math.abs(commonStretch([half]).range - 960)).toBeLessThan(25);
    const nothing = { ...half, mask: half.mask.map(() => 0) };
    expect(commonStretch([nothing]).low).toEqual([0, 0, 0]);
  });

  it('is told from a sample: two pictures of 768 × 768 pixels in less than a tenth of a second', () => {
    const pair = [ground(1, 0), ground(2, 0.1)];
    commonStretch(pair);
    const began = performance.now();
    commonStretch(pair);
    expect(performance.now() - began).toBeLessThan(100);
  });
});

describe('a picture', () => {
  const stretch = { low: [100, 200, 300], range: 100 };
  const channels = [100, 200, 300].map((black) => Float32Array.of(black - 50, black, black + 100, black + 900));

  it('runs from black to white, and clips what lies beyond', async () => {
    const png = await renderPicture({ channels, mask: Uint8Array.of(1, 1, 1, 1) }, 4, 1, stretch);
    const { data, width, height } = await decoded(png);
    expect([width, height]).toEqual([4, 1]);
    expect([...data]).toEqual([0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255]);
  });

  it('keeps the order of brightness and the colour of what is grey', async () => {
    const tones = [10, 30, 50, 70, 90];
    const greys = [100, 200, 300].map((black) => Float32Array.from(tones, (tone) => black + tone));
    const { data } = await decoded(
      await renderPicture({ channels: greys, mask: new Uint8Array(5).fill(1) }, 5, 1, stretch),
    );
    const red = tones.map((_, i) => data[3 * i]);
    expect(red).toEqual([...red].sort((a, b) => a - b));
    expect(new Set(red).size).toBe(5);
    for (let i = 0; i < 5; i++) expect([data[3 * i + 1], data[3 * i + 2]]).toEqual([red[i], red[i]]);
  });

  it('shows what was not observed as hatched grey, whatever number stands there', async () => {
    const wide = channels.map(() => new Float32Array(144).fill(9e9));
    const { data } = await decoded(await renderPicture({ channels: wide, mask: new Uint8Array(144) }, 12, 12, stretch));
    const greys = [...new Set(data)].sort((a, b) => a - b);
    expect(greys).toEqual([96, 120]);
  });
});
