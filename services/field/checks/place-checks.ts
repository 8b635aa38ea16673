import type { PreparedPatch } from '../../zones/overlay/prepared-patch.ts';
import { type CheckResult, cannotBeTold, type Outcome, result } from './check-result.ts';
import { checkLimits } from './limits.ts';
import type { Sight } from './sight.ts';
import { degreesOff, FARTHEST_M, metresTo, shareInView, viewCone } from './view-geometry.ts';

const noPosition = ['照片和读数都没有位置', 'neither file nor sensors give a position'] as const;
const noAzimuth = ['照片和读数都没有拍摄方向', 'neither file nor sensors give a direction of view'] as const;

/** Was it taken at the patch? What the position may be off by counts both ways. */
export function checkDistance(patch: PreparedPatch, { position, accuracyM }: Sight): CheckResult {
  if (position === null) return cannotBeTold('distance', noPosition);
  const { mostDistanceM, assumedAccuracyM } = checkLimits;
  const off = accuracyM ?? assumedAccuracyM;
  const assumed = accuracyM === null;
  const metres = metresTo(patch, position);
  if (metres === null) {
    const words = ['距图斑超过 50 公里', 'more than 50 km from the patch'] as const;
    return result('distance', 'failed', words, { beyondM: FARTHEST_M, limitM: mostDistanceM });
  }
  const outcome = metres + off <= mostDistanceM ? 'passed' : metres - off > mostDistanceM ? 'failed' : 'cannot-be-told';
  const [m, a] = [metres.toFixed(0), off.toFixed(0)];
  const zh = `距图斑边界 ${m} 米（定位误差${assumed ? '按' : ''} ${a} 米${assumed ? '计' : ''}，限 ${mostDistanceM} 米）`;
  const en = `${m} m from the outline (position good to ${a} m${assumed ? ', assumed' : ''}; limit ${mostDistanceM} m)`;
  return result('distance', outcome, [zh, en], {
    metres,
    accuracyM: off,
    accuracyAssumed: assumed,
    limitM: mostDistanceM,
  });
}

/** Was it taken towards the patch? */
export function checkDirection(patch: PreparedPatch, { position, azimuth }: Sight): CheckResult {
  if (position === null) return cannotBeTold('direction', noPosition);
  if (azimuth === null) return cannotBeTold('direction', noAzimuth);
  const tolerance = toleranceOf(azimuth);
  const off = degreesOff(patch, position, azimuth.degrees);
  const view = azimuth.degrees.toFixed(0);
  const [zhNorth, enNorth] = northWords[azimuth.north];
  const missed =
    off === 0
      ? ['正对图斑', 'meets the patch']
      : [`偏离图斑 ${off.toFixed(0)}°`, `misses the patch by ${off.toFixed(0)}°`];
  const zh = `方位角 ${view}°${zhNorth}，${missed[0]}（容差 ${tolerance}°）`;
  const en = `azimuth ${view}°${enNorth}, ${missed[1]} (tolerance ${tolerance}°)`;
  const figures = { azimuth: azimuth.degrees, north: azimuth.north, offDegrees: off, toleranceDegrees: tolerance };
  return result('direction', off <= tolerance ? 'passed' : 'failed', [zh, en], figures);
}

/** How much of the patch lies in its view? */
export function checkShare(patch: PreparedPatch, sight: Sight): CheckResult {
  if (sight.position === null) return cannotBeTold('share', noPosition);
  if (sight.azimuth === null) return cannotBeTold('share', noAzimuth);
  if (sight.viewDegrees === null) return cannotBeTold('share', ['照片没有焦距', 'the file gives no focal length']);
  return shareResult(shareInView(patch, [coneOf(sight)!]), checkLimits.leastShareSeen, ['该照片', 'this photo'], {
    viewDegrees: sight.viewDegrees,
  });
}

/** How much of the patch do all photos show together? Those that do not say what they show add nothing. */
export function checkShareTogether(patch: PreparedPatch, sights: readonly Sight[]): CheckResult {
  const cones = sights.flatMap((sight) => coneOf(sight) ?? []);
  if (cones.length === 0) {
    return cannotBeTold('share', ['没有一张照片能说明拍到何处', 'no photo tells what it shows']);
  }
  const told = { photos: sights.length, photosTold: cones.length };
  const who = [`${cones.length} 张照片合计`, `${cones.length} photos together`] as const;
  const seen = shareResult(shareInView(patch, cones), checkLimits.leastShareTogether, who, told);
  // What the others show may be the rest of it.
  return seen.outcome === 'failed' && cones.length < sights.length ? { ...seen, outcome: 'cannot-be-told' } : seen;
}

function shareResult(
  share: number,
  least: number,
  [zhWho, enWho]: readonly [string, string],
  figures: CheckResult['figures'],
): CheckResult {
  const outcome: Outcome = share >= least ? 'passed' : 'failed';
  const [seen, limit] = [(100 * share).toFixed(0), (100 * least).toFixed(0)];
  const zh = `${zhWho}可见图斑 ${seen}%（至少 ${limit}%，未计遮挡）`;
  const en = `${enWho} can show ${seen} % of the patch (at least ${limit} %; what stands between is not counted)`;
  return result('share', outcome, [zh, en], { ...figures, share, least, rangeM: checkLimits.rangeM });
}

function coneOf({ position, azimuth, viewDegrees }: Sight) {
  if (position === null || azimuth === null || viewDegrees === null) return null;
  return viewCone(position, azimuth.degrees, viewDegrees, checkLimits.rangeM);
}

const northWords = {
  true: ['（真北）', ' from true north'],
  magnetic: ['（磁北）', ' from magnetic north'],
  unsaid: ['（未注明真北或磁北）', ' (true or magnetic north not said)'],
} as const;

function toleranceOf({ north }: NonNullable<Sight['azimuth']>): number {
  return checkLimits.compassDegrees + (north === 'true' ? 0 : checkLimits.declinationDegrees);
}
