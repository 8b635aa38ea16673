/**
 * What a phone said beside a photo, by whoever was logged in. Nothing proves it: it is a person's word, which stands on
 * record under that person's name.
 */
export interface Statement {
  /** Degrees, WGS 84; null where the phone had no fix. */
  lon: number | null;
  lat: number | null;
  /** Metres. */
  accuracyM: number | null;
  /** Direction of view, degrees clockwise from north. */
  azimuth: number | null;
  /** Whether the compass told it or a person set it. */
  azimuthBy: 'compass' | 'hand' | null;
  /** By the phone's clock, UTC. */
  takenAt: string | null;
  /** The same clock when the photo was sent: what it is off by is known from that. */
  sentAt: string | null;
}

/** What counts of it in the tests: a statement without a position says nothing of place or direction. */
export interface Told {
  position: { lon: number; lat: number } | null;
  accuracyM: number | null;
  azimuth: number | null;
  /** UTC, by the phone's clock put right; null where it was not said. */
  at: string | null;
}

/** @param addedAt when it came in here, UTC: a phone whose clock is wrong is wrong by as much when it sends */
export function toldBy({ lon, lat, accuracyM, azimuth, takenAt, sentAt }: Statement, addedAt: string): Told {
  const position = lon === null || lat === null ? null : { lon, lat };
  const lead = sentAt === null ? 0 : Date.parse(sentAt) - Date.parse(addedAt);
  // What is less is the way here.
  const wrong = Math.abs(lead) > WAY_MS ? lead : 0;
  const at = takenAt === null ? null : new Date(Date.parse(takenAt) - wrong).toISOString();
  return { position, accuracyM, azimuth, at };
}

/** A photo may be on its way for so long. */
const WAY_MS = 5 * 60_000;
