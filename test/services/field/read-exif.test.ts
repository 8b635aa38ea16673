import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exifTime } from '../../../services/field/exif-time.ts';
import { NO_FACTS } from '../../../services/field/photo-facts.ts';
import { photoFormat } from '../../../services/field/photo-format.ts';
import { readExif } from '../../../services/field/read-exif.ts';
import { type CameraSays, heic, photo } from '../../support/photos.ts';

const says: CameraSays = {
  ...{ lon: 114.2001, lat: 27.1034, accuracyM: 5, azimuth: 123.4, north: 'T', taken: '2024:06:05 10:11:12' },
  ...{ offset: '+08:00', focal35mm: 26, make: 'HUAWEI', software: 'P60 1.0' },
};

describe('what the file of a photo says', () => {
  it.each([
    ['JPEG', photo(1, says), 'jpeg'],
    ['HEIC', heic(says), 'heic'],
  ])('is read from %s: place, direction, time, lens, maker and software', async (_, making, format) => {
    const bytes = await making;
    expect(photoFormat(bytes)).toBe(format);
    const facts = await readExif(bytes);
    expect(facts.position!.lon).toBeCloseTo(114.2001, 6);
    expect(facts.position!.lat).toBeCloseTo(27.1034, 6);
    expect(facts).toMatchObject({
      accuracyM: 5,
      azimuth: { degrees: 123.4, north: 'true' },
      taken: { at: '2024-06-05T02:11:12.000Z', by: 'offset' },
      ...{ make: 'HUAWEI', software: 'P60 1.0', focal35mm: 26, turned: false },
    });
  });

  it('is taken for Beijing time where no offset stands beside it, and that is said', () => {
    expect(exifTime('2024:06:05 10:11:12', undefined)).toEqual({
      at: '2024-06-05T02:11:12.000Z',
      by: 'assumed-shanghai',
    });
    expect(exifTime('2024:06:05 10:11:12', '-05:30')).toEqual({ at: '2024-06-05T15:41:12.000Z', by: 'offset' });
  });

  it.each(['0000:00:00 00:00:00', '2024:06:31 10:00:00', '2024:06:05 25:00:00', 'yesterday', 7])(
    'is no time: %s',
    (text) => {
      expect(exifTime(text, '+08:00')).toBeNull();
    },
  );

  it('says nothing where there is no EXIF, zeros for a position, or a half of one', async () => {
    expect(await readExif(await photo(1))).toMatchObject({ position: null, azimuth: null, taken: null });
    expect((await readExif(await photo(1, { lon: 0, lat: 0 }))).position).toBeNull();
    expect((await readExif(await photo(1, { lon: 114 }))).position).toBeNull();
    expect(await readExif(Buffer.from('not a photo'))).toEqual(NO_FACTS);
  });

  it('never fails on a changed byte, and never gives a place off the globe', async () => {
    const bytes = await photo(1, says);
    const change = fc.tuple(fc.nat(700), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, to] of changes) changed[at] = to;
        const { position } = await readExif(changed);
        expect(Math.abs(position?.lon ?? 0)).toBeLessThanOrEqual(180);
        expect(Math.abs(position?.lat ?? 0)).toBeLessThanOrEqual(90);
      }),
      { seed: 5, numRuns: 150 },
    );
  });
});
