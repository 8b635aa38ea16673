import type { Generated } from 'kysely';

/** Tables of the batches that come as files from above (部、省下发) and go back in the same form. */
export interface BatchTables {
  campaigns: CampaignTable;
  batches: BatchTable;
  batch_files: BatchFileTable;
  batch_rows: BatchRowTable;
  batch_links: BatchLinkTable;
  batch_returns: BatchReturnTable;
}

/** A special campaign (专项行动), such as 历史违法“清零”. Never changed. */
export interface CampaignTable {
  name: string;
  /** YYYY-MM-DD: what was built before it is 存量, what was built from it on 新增. */
  cutOff: string;
  addedAt: string;
  addedBy: string;
}

/** One file received. */
export interface BatchTable {
  /** Hash of the file's content, the profile and the campaign: the same file sent again is the same batch. */
  id: string;
  /** The file's name as it came. */
  name: string;
  /** Of the file, over all its parts. */
  sha256: string;
  format: string;
  /** Table of a GeoPackage that has several, where one was named. */
  sourceLayer: string | null;
  crs: string;
  encoding: string;
  /** JSON of LayerField[]. */
  fieldsJson: string;
  profile: string;
  /** The profile as it was when the file came: what later editions of it say does not matter. */
  profileJson: string;
  campaign: string | null;
  /** The month in whose queue its new patches are put. */
  month: string;
  /** importing: not yet whole; an import of the same file goes on where it was. */
  state: 'importing' | 'ready';
  /** Features read so far. */
  readTo: number;
  /** JSON of string[]: what was found odd about the file. */
  notesJson: string;
  importedAt: string;
  importedBy: string;
}

/** The bytes of a received file and what lies beside it, in pieces: what goes back is made of them. */
export interface BatchFileTable {
  batchId: string;
  /** What follows the file's stem, e.g. '.dbf'. */
  ending: string;
  part: number;
  bytes: Uint8Array;
}

/** One row of a received file, as it came. Never changed. */
export interface BatchRowTable {
  batchId: string;
  /** Its place in the file, from 0; deleted records count. */
  row: number;
  /** The file's own id of it: fid of a GeoPackage. */
  fid: string | null;
  number: string;
  district: string | null;
  /** As in patches, and the sender's own code. */
  type: string;
  typeCode: string | null;
  beforeDate: string | null;
  afterDate: string | null;
  /** The sender's area, m². */
  statedM2: number | null;
  opinion: string | null;
  /** When it was built, where the sender says, YYYY-MM-DD. */
  builtDate: string | null;
  propertiesJson: string;
  /** OGC WKB, lon/lat; null where there is none that can be used, and `problem` says why. */
  geometry: Uint8Array | null;
  /** On the ellipsoid, of the polygon given. */
  areaM2: number | null;
  /** What was wrong with it: why it cannot be matched, or what of its shape was repaired. */
  problem: string | null;
}

/** What a row was found to be. Never changed: of several links of a row the last counts. */
export interface BatchLinkTable {
  seq: Generated<number>;
  batchId: string;
  row: number;
  /** new: its patch was made of it. same, grows (reaches beyond a known patch), part-of (lies within one). */
  kind: 'new' | 'same' | 'grows' | 'part-of';
  placeId: string;
  patchId: string;
  /** m² shared with the patch; the row's own area where it is new. */
  sharedM2: number;
  /** JSON of Compared[]: the known patches it was laid over, with the shares. */
  comparedJson: string;
  /** 'tuban', or the person who overruled it. */
  actor: string;
  reason: string | null;
  at: string;
}

/** A return handed out. Never changed. */
export interface BatchReturnTable {
  seq: Generated<number>;
  batchId: string;
  receiptJson: string;
  at: string;
}
