/** What a photo's own file says of it. Anyone can write EXIF: it is a statement, not a measurement. */
export interface PhotoFacts {
  /** Degrees, as the camera's receiver gave them (WGS 84, which CGCS2000 equals here); null where it gave none. */
  position: { lon: number; lat: number } | null;
  /** Metres; null where nobody said. */
  accuracyM: number | null;
  /** Direction of view, degrees clockwise from north. */
  azimuth: { degrees: number; north: 'true' | 'magnetic' | 'unsaid' } | null;
  taken: TakenAt | null;
  /** Of the last change, where the file states one later than it was taken; UTC. */
  changedAt: string | null;
  make: string | null;
  model: string | null;
  software: string | null;
  /** Equivalent on 35 mm film, mm; by it the field of view is known. */
  focal35mm: number | null;
  /** True where the picture stands upright only after a quarter turn. */
  turned: boolean;
}

export interface TakenAt {
  /** UTC. */
  at: string;
  /** Where the offset from UTC comes from: the file, the satellites' clock, or taken for Asia/Shanghai. */
  by: 'offset' | 'gps' | 'assumed-shanghai';
}

export const NO_FACTS: PhotoFacts = {
  position: null,
  accuracyM: null,
  azimuth: null,
  taken: null,
  changedAt: null,
  make: null,
  model: null,
  software: null,
  focal35mm: null,
  turned: false,
};
