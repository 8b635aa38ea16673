import { describe, expect, it } from 'vitest';
import { fingerprint, laidAllWays, likeness } from '../../../services/field/likeness.ts';
import { lookAt } from '../../../services/field/picture.ts';
import { photo, picture } from '../../support/photos.ts';

async function greyOf(bytes: Buffer): Promise<Uint8Array> {
  return (await lookAt(bytes, 'photo')).grey;
}

async function alike(a: Buffer, b: Buffer) {
  return likeness(laidAllWays(await greyOf(a)), fingerprint(await greyOf(b))!);
}

describe('two photos are alike', () => {
  const original = photo(11);

  it.each<[string, (bytes: Buffer) => Promise<Buffer>]>([
    ['saved anew at a low quality', async () => (await picture(11)).jpeg({ quality: 25 }).toBuffer()],
    ['made smaller', async () => (await picture(11)).resize(160).jpeg().toBuffer()],
    ['brightened', async () => (await picture(11)).modulate({ brightness: 1.25 }).jpeg().toBuffer()],
    ['made grey', async () => (await picture(11)).greyscale().jpeg().toBuffer()],
    ['blurred, as off a screen', async () => (await picture(11)).blur(4).jpeg().toBuffer()],
    ['turned right', async () => (await picture(11)).rotate(90).jpeg().toBuffer()],
    ['turned over', async () => (await picture(11)).rotate(180).jpeg().toBuffer()],
    ['turned left', async () => (await picture(11)).rotate(270).jpeg().toBuffer()],
    ['mirrored', async () => (await picture(11)).flop().jpeg().toBuffer()],
    [
      'cut at the edges',
      async () => (await picture(11)).extract({ left: 8, top: 6, width: 464, height: 348 }).jpeg().toBuffer(),
    ],
    ['turned by its EXIF alone', async () => (await picture(11)).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ])('where one was %s', async (_, change) => {
    const bytes = await original;
    expect(await alike(await change(bytes), bytes)).not.toBeNull();
  });

  it('never where they show different things: none of 1,225 pairs', async () => {
    const greys = await Promise.all(Array.from({ length: 50 }, async (_, seed) => greyOf(await photo(seed + 100))));
    const found = greys.flatMap((a, i) => {
      const ways = laidAllWays(a);
      return greys.slice(0, i).flatMap((b) => likeness(ways, fingerprint(b)!) ?? []);
    });
    expect(found).toEqual([]);
  });

  it('cannot be told of a picture that shows nothing', () => {
    expect(fingerprint(new Uint8Array(1024).fill(200))).toBeNull();
  });

  it('says which way the one was turned', async () => {
    const turned = await (await picture(11)).rotate(270).jpeg().toBuffer();
    expect(await alike(turned, await original)).toMatchObject({ turns: 1, mirrored: false });
  });
});
