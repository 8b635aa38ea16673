import type { Region } from '../../detectors/region.ts';
import type { HiddenGround } from './cloud-scan.ts';

/** A veil or half-shade that does not hide the ground changes its brightness by no more than this, in reflectance. */
const mostChanged = 0.15;
/** Least jump of a visible band as a share of the greatest: they are grey. */
const greyness = 0.45;
/** Of a region that is nothing but the edge of a cloud or shadow, at least this share lies in it. */
const edgeShare = 0.5;

/**
 * Whether a region is nothing but the thin edge of a cloud or shadow on either date: it lies in such an edge, and all
 * visible bands changed a little and alike. What was built there changed more, or otherwise.
 * @param visible indices of blue, green and red among the region's bands
 * @param scale reflectance per unit of the region's sums
 */
export function isCloudEdge(region: Region, hidden: HiddenGround, visible: readonly number[], scale: number): boolean {
  const { before, after, pixels } = region;
  const jumps = visible.map((band) => (scale * (after[band] - before[band])) / pixels);
  const sign = Math.sign(jumps[0]);
  const least = Math.min(...jumps.map((jump) => sign * jump));
  const most = Math.max(...jumps.map((jump) => sign * jump));
  if (most > mostChanged || least < greyness * most) return false;
  return liesInEdges(region, hidden);
}

/** Whether half of a region lies in the thin edge of a cloud or shadow. */
export function liesInEdges(
  { runs: { row, start, end }, pixels }: Region,
  { cellPx, columns, edges }: HiddenGround,
): boolean {
  let inside = 0;
  for (let i = 0; i < row.length; i++) {
    const line = Math.floor(row[i] / cellPx) * columns;
    for (let x = start[i]; x < end[i]; x++) inside += edges[line + Math.floor(x / cellPx)];
  }
  return inside >= edgeShare * pixels;
}
