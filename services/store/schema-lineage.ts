import type { Generated } from 'kysely';

/** Tables of what belongs together on the ground. Rows of all of them are written once and never changed. */
export interface LineageTables {
  lineage_acts: LineageActTable;
  patch_lineage: PatchLineageTable;
  place_links: PlaceLinkTable;
}

/** One split (拆分) or merge (合并), or one taken back. */
export interface LineageActTable {
  seq: Generated<number>;
  id: string;
  kind: 'split' | 'merge' | 'undo';
  /** The act that this one takes back; an act is taken back once. */
  undoes: string | null;
  actor: string;
  reason: string;
  /** UTC. */
  at: string;
  /** What the outlines' areas differed by before it was made good, m². */
  differenceM2: number;
}

/** Which patch came out of which: of a split one parent and many children, of a merge many parents and one child. */
export interface PatchLineageTable {
  actId: string;
  parentId: string;
  childId: string;
  /** What of the parent's area lies in the child, to 0.01 m². Of a parent they add up to its area, of a child to its. */
  areaM2: number;
}

/** A detection at a place that had a patch already. */
export interface PlaceLinkTable {
  detectionId: string;
  /** The place's patch that was looked at: its open one, else its latest. */
  patchId: string;
  placeId: string;
  /**
   * grows: beyond all that is known there, by the least that counts. continues: it was open, and is seen going on.
   * repeats: it had ended, and is seen again as it was.
   */
  relation: 'continues' | 'grows' | 'repeats';
  /** linked: nothing else. reinstated, reopened: it brought the patch back. issued: it is another change there, with a patch of its own. */
  effect: 'linked' | 'reinstated' | 'reopened' | 'issued';
  /** Of the detection: in the patch as it is known, and beyond all that is known of the places it touches; m². */
  sharedM2: number;
  beyondM2: number;
  /** UTC. */
  at: string;
}
