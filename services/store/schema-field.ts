import type { Generated } from 'kysely';

/** Tables of what people bring in from the field: photos, sensors' readings, and reports of the public and of patrols. */
export interface FieldTables {
  photos: PhotoTable;
  field_devices: FieldDeviceTable;
  readings: ReadingTable;
  clues: ClueTable;
  photo_statements: PhotoStatementTable;
  field_forms: FieldFormTable;
}

/** One photo as evidence of one patch: what its file says. What that means is worked out anew whenever it is asked. */
export interface PhotoTable {
  /** Counts the photos as they came in: of two that are alike, the lower was there first. */
  seq: Generated<number>;
  /** Hash of file and patch: what payload.evidence of a step names. */
  id: string;
  patchId: string;
  district: string;
  /** Of the original, which lies under the workspace folder by this name. */
  sha256: string;
  format: 'jpeg' | 'heic';
  /** Size of the original. */
  bytes: number;
  /** Pixels, upright; null of what cannot be decoded here. */
  width: number | null;
  height: number | null;
  /** JSON of services/field PhotoFacts: what EXIF says. */
  factsJson: string;
  /** 32 × 32 grey samples, upright, by which photos that look alike are found; null of what cannot be decoded here. */
  grey: Uint8Array | null;
  takenBy: string | null;
  addedAt: string;
  /** Hash of the package it came in; null where it was added here. */
  packId: string | null;
}

/** A device that may sign readings and packages. */
export interface FieldDeviceTable {
  id: string;
  name: string;
  /** Ed25519 public key, PEM (SPKI). */
  publicKey: string;
  addedAt: string;
  revokedAt: string | null;
}

/** A sensor's reading at the moment of a photo; its signature was good when it came in. Never changed. */
export interface ReadingTable {
  id: string;
  /** Of the photo. */
  sha256: string;
  deviceId: string;
  /** Canonical JSON of what was signed. */
  readingJson: string;
  /** Base64. */
  signature: string;
  addedAt: string;
}

/** A report from the public, or what a patrol found. Never changed. */
export interface ClueTable {
  id: string;
  source: 'public' | 'patrol';
  /** Who reported it, as they gave it. */
  who: string;
  text: string;
  /** When it was seen or reported, UTC. */
  at: string;
  addedAt: string;
  district: string;
  placeId: string;
  /** The patch that it opened, or that already dealt with the place. */
  patchId: string;
  /** 1 where the clue opened the patch. */
  opened: number;
  /** GeoJSON Polygon or MultiPolygon, lon/lat. */
  geometryJson: string;
}

/** What the phone said beside a photo, by whoever was logged in: a person's word, unlike a signed reading. Never changed. */
export interface PhotoStatementTable {
  id: string;
  photoId: string;
  /** The actor of the key or session that it came under. */
  saidBy: string;
  /** JSON of services/field Statement. */
  saidJson: string;
  addedAt: string;
}

/** What somebody found on site, as it was sent in. Never changed. */
export interface FieldFormTable {
  /** Hash of patch, sender and the sender's own key for it: sent again it is the same form. */
  id: string;
  patchId: string;
  district: string;
  sentBy: string;
  /** JSON of services/field Findings. */
  formJson: string;
  /** The step it was taken into the log with, and where that led. */
  action: string;
  toState: string;
  version: number;
  addedAt: string;
}
