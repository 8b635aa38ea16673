import type { PhotoFacts } from '../photo-facts.ts';
import type { Reading } from '../reading.ts';
import type { Told } from '../statement.ts';

/** Whence, whither and when a photo was taken, by the best of what is known. */
export interface Sight {
  position: { lon: number; lat: number } | null;
  /** Metres; null where nobody said. */
  accuracyM: number | null;
  azimuth: PhotoFacts['azimuth'];
  /** UTC. */
  at: string | null;
  /** True where the file gave no offset from UTC and Asia/Shanghai was taken. */
  offsetAssumed: boolean;
  /** Full angle of view across the upright picture, degrees; null where the focal length is not known. */
  viewDegrees: number | null;
  by: 'reading' | 'phone' | 'file';
}

/** Film of 36 × 24 mm, by which equivalent focal lengths are told. */
const FILM_MM = { long: 36, short: 24 };

/**
 * What a device signed at the moment of the photo goes before what the phone page was told by its sensors, and that
 * before what anybody may write into the file; only the lens is the file's.
 * @param upright pixels of the picture as it is looked at; null where it cannot be decoded here
 */
export function sightOf(
  facts: PhotoFacts,
  { reading, told }: { reading: Reading | null; told: Told | null },
  upright: { width: number; height: number } | null,
): Sight {
  const portrait = upright === null ? facts.turned : upright.height > upright.width;
  const viewDegrees = viewOf(facts.focal35mm, portrait);
  if (reading === null) {
    return { ...(told === null ? byFile(facts) : byPhone(facts, told)), viewDegrees };
  }
  const { lon, lat, accuracyM, azimuth, at } = reading;
  const view = azimuth === null ? null : ({ degrees: azimuth, north: 'true' } as const);
  const time = new Date(at).toISOString();
  return {
    position: { lon, lat },
    accuracyM,
    azimuth: view,
    at: time,
    offsetAssumed: false,
    viewDegrees,
    by: 'reading',
  };
}

type Beheld = Omit<Sight, 'viewDegrees'>;

function byFile({ position, accuracyM, azimuth, taken }: PhotoFacts): Beheld {
  const offsetAssumed = taken?.by === 'assumed-shanghai';
  return { position, accuracyM, azimuth, at: taken?.at ?? null, offsetAssumed, by: 'file' };
}

/** Whatever the phone does not say the file may. Position and accuracy go together. */
function byPhone(facts: PhotoFacts, told: Told): Beheld {
  const file = byFile(facts);
  const { position, accuracyM } = told.position === null ? file : told;
  const azimuth = told.azimuth === null ? file.azimuth : ({ degrees: told.azimuth, north: 'unsaid' } as const);
  const [at, offsetAssumed] = told.at === null ? [file.at, file.offsetAssumed] : [told.at, false];
  return { position, accuracyM, azimuth, at, offsetAssumed, by: 'phone' };
}

function viewOf(focal35mm: number | null, portrait: boolean): number | null {
  if (focal35mm === null) return null;
  const side = portrait ? FILM_MM.short : FILM_MM.long;
  return (2 * Math.atan(side / (2 * focal35mm)) * 180) / Math.PI;
}
