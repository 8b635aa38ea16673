import type { Feature, MultiPolygon, Polygon } from 'geojson';
import { fromLonLat } from '../../../imagery/crs.ts';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { idByContent } from '../../audit/detection-ids.ts';
import { lonLatOutline } from '../../detection/found-patch.ts';
import { runsOfEvidence } from '../../month/evidence.ts';
import { MU_PER_M2 } from '../../queue/detail.ts';
import { prepareRuns } from '../../zones/overlay/runs-patch.ts';
import { overlapCsv } from '../bundle/overlap-table.ts';
import { demand, type Held } from './check.ts';

/** Of two ways to measure one outline: corners are kept to nine decimals of a degree, pixel areas are rounded sums. */
const TOLERANCE = 1e-5;
const LEAST_M2 = 0.05;

/** A detection's id is the hash of what it rests on; its outline is that of its pixels. */
export async function detectionFollows(held: Held): Promise<string> {
  const patch = await held.json('patch.json');
  const { evidence, geometry, ...row } = await held.json('detection.json');
  demand(row.id === patch.detectionId, `patch.json names the detection ${patch.detectionId}, detection.json ${row.id}`);
  const id = idByContent({ ...row, evidenceJson: JSON.stringify(evidence) });
  if (id === null) return '检测编号并非由内容得出（线索、批次或拆分） its id was not made from content';
  demand(id === row.id, `the detection's content hashes to ${id}, its id is ${row.id}`);
  // Land found by its papers, and a piece of a split or merge, are as they were drawn, not as pixels.
  const drawn =
    ['expired', 'lead', 'lineage'].some((name) => evidence[name] !== undefined) || evidence.runs === undefined;
  if (drawn) return `${id}`;
  const runs = runsOfEvidence(evidence.runs);
  const outline = lonLatOutline(runs, evidence.grid);
  demand(JSON.stringify(outline) === JSON.stringify(geometry), 'the outline is not that of the detected pixels');
  near(prepareRuns(runs, evidence.grid).totalM2, row.areaM2, 'the area of the detected pixels');
  return `${id}，轮廓与像元一致 outline as its pixels`;
}

/** The area on record is that of the outline, on the ellipsoid; the outline is the same in every file. */
export async function areaFollows(held: Held): Promise<string> {
  const patch = await held.json('patch.json');
  const { geometry } = await held.json('detection.json');
  const [feature] = (await held.json('geometry/patch-4490.geojson')).features as Feature<Polygon | MultiPolygon>[];
  demand(JSON.stringify(feature.geometry) === JSON.stringify(geometry), 'the GeoJSON is not the outline on record');
  const areaM2 = geometryAreaM2(feature.geometry);
  near(areaM2, patch.areaM2, 'the area of the outline on the ellipsoid');
  near(patch.areaM2 * MU_PER_M2, patch.areaMu, 'the area in 亩');
  const corners = await cornersFollow(held, feature.geometry);
  // As on record and everywhere else: the outline's digits end a hundredth of a m² apart.
  return `${patch.areaM2.toFixed(2)} m²，${corners} 个界址点 corners`;
}

/** Every corner is where the GeoJSON has it, in both coordinate systems. */
async function cornersFollow(held: Held, geometry: Polygon | MultiPolygon): Promise<number> {
  const [head, ...lines] = (await held.text('geometry/corners.csv')).trimEnd().split('\r\n');
  const code = /,X_(\d+),Y_\1$/.exec(head)?.[1] ?? '';
  const project = fromLonLat(`EPSG:${code}`);
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const points = polygons.flat(2);
  demand(points.length === lines.length, `corners.csv has ${lines.length} corners, the outline ${points.length}`);
  for (const [i, line] of lines.entries()) {
    const [lon, lat, north, east] = line.split(',').slice(3).map(Number);
    const [x, y] = project(points[i][0], points[i][1]);
    const same = Math.abs(lon - points[i][0]) < 2e-9 && Math.abs(lat - points[i][1]) < 2e-9;
    demand(same && Math.hypot(x - east, y - north) < 0.002, `corner ${i + 1} of corners.csv lies elsewhere`);
  }
  return lines.length;
}

/** The table says what the JSON says, m² and 亩 agree, and no zone holds more than all of the patch. */
export async function overlapsFollow(held: Held): Promise<string | null> {
  const patch = await held.json('patch.json');
  const lines = await held.json('overlaps.json');
  if (lines.length === 0) return null;
  for (const { layer, zone, areaM2, areaMu } of lines) {
    const name = `the overlap with ${layer} ${zone}`;
    demand(areaM2 <= patch.areaM2 * (1 + TOLERANCE) + LEAST_M2, `${name} is larger than the patch`);
    near(areaM2 * MU_PER_M2, areaMu, `${name} in 亩`);
  }
  demand((await held.text('overlaps.csv')) === overlapCsv(lines), 'overlaps.csv is not the table of overlaps.json');
  return `${lines.length} 项 zones`;
}

/** The scenes listed are those that the detection was made of. */
export async function scenesFollow(held: Held): Promise<string | null> {
  const { evidence } = await held.json('detection.json');
  const scenes = await held.json('scenes.json');
  if (scenes.length === 0 && !evidence.pairs?.length) return null;
  const told = new Map<string, { sha256: string; date: string }>(
    scenes.map((scene: { id: string }) => [scene.id, scene]),
  );
  for (const pair of evidence.pairs) {
    for (const { id, sha256, date } of [pair.before, pair.after]) {
      const scene = told.get(id);
      demand(scene !== undefined, `scenes.json lacks the scene ${id}, which was compared`);
      demand(scene!.sha256 === sha256 && scene!.date === date, `the scene ${id} is not told of as it was compared`);
    }
  }
  for (const { clip, id } of scenes) {
    demand(clip === null || held.listed(clip.name) !== null, `the clip of scene ${id} is not in the bundle`);
  }
  const clips = scenes.filter(({ clip }: { clip: unknown }) => clip !== null).length;
  return `${scenes.length} 景 scenes，${clips} 个裁剪 clips`;
}

function near(got: number, wanted: number, what: string): void {
  const ok = Math.abs(got - wanted) <= TOLERANCE * Math.abs(wanted) + LEAST_M2;
  demand(ok, `${what} is ${got.toFixed(2)}, where ${wanted.toFixed(2)} is on record`);
}
