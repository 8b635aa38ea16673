import type { ZoneGeometry } from '../geometry/zone-geometry.ts';

/** A shape as OGC well-known text, its numbers with all digits they need. */
export function wktOf({ kind, parts }: ZoneGeometry): string {
  const many = parts.length !== 1;
  if (kind === 'line') {
    const lines = parts.map(([path]) => pathText(path));
    return many ? `MULTILINESTRING (${lines.join(',')})` : `LINESTRING ${lines[0]}`;
  }
  const polygons = parts.map((rings) => `(${rings.map(pathText).join(',')})`);
  return many ? `MULTIPOLYGON (${polygons.join(',')})` : `POLYGON ${polygons[0]}`;
}

function pathText(path: Float64Array): string {
  const points: string[] = [];
  for (let i = 0; i < path.length; i += 2) points.push(`${path[i]} ${path[i + 1]}`);
  return `(${points.join(',')})`;
}
