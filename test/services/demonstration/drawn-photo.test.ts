import { describe, expect, it } from 'vitest';
import { drawnPhoto } from '../../../services/demonstration/drawn-photo.ts';
import { fingerprint, laidAllWays, likeness } from '../../../services/field/likeness.ts';
import { lookAt } from '../../../services/field/picture.ts';
import { readExif } from '../../../services/field/read-exif.ts';

const says = { lon: 112.5006, lat: 26.8992, azimuth: 0, takenAt: new Date('2024-08-12T01:00:00Z') };

describe('photos of simulated people', () => {
  it('say where and when, as a phone’s do, and that nobody took them', async () => {
    const bytes = await drawnPhoto('a', says);
    const facts = await readExif(bytes);
    expect(facts).toMatchObject({ make: 'SIMULATED', azimuth: { degrees: 0, north: 'true' }, accuracyM: 5 });
    expect(facts.taken?.at).toBe('2024-08-12T01:00:00.000Z');
    expect(facts.position!.lon).toBeCloseTo(112.5006, 5);
    expect(await drawnPhoto('a', says)).toEqual(bytes);
  });

  it('are no copies of each other by the test that finds copies', async () => {
    const greys = await Promise.all(
      Array.from({ length: 120 }, async (_, i) => (await lookAt(await drawnPhoto(`patch ${i}`, says), 'drawn')).grey),
    );
    const prints = greys.map((grey) => fingerprint(grey)!);
    const alike = greys.flatMap((grey, i) => {
      const ways = laidAllWays(grey);
      return prints.slice(i + 1).flatMap((other, k) => (likeness(ways, other) === null ? [] : [`${i} ${i + 1 + k}`]));
    });
    expect(alike).toEqual([]);
  });
});
