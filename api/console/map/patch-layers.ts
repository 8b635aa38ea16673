import ol from 'ol/dist/ol.js';
import { clusterStyle, dotStyle, outlineStyle } from './styles.ts';
import { readTile, vectorSource } from './tiles.ts';

/** What the map knows of a patch, from its tile and from what was done since. */
export interface PatchMark {
  id: string;
  number: string;
  state: string;
  areaM2: number;
  overdue: boolean;
}

export interface PatchLayers {
  layers: ol.layer.Layer[];
  /** Other patches, or the same ones anew. */
  show(query: string): void;
  /** Drawn again, since a patch may have another state. */
  repaint(): void;
  /** The patches under a place of the map: one, many in a heap, or none. */
  at(map: ol.Map, pixel: number[]): { one: PatchMark | null; heap: number[] | null };
  /** Patches closer than this, in pixels, are one heap. */
  heapsOf(distancePx: number): void;
  nearest(coordinate: number[]): PatchMark | null;
}

const address = 'tiles/patches';
/** From here on outlines say more than dots. */
const outlinesFrom = 16;
/** Below it, patches that stand close are one circle with their number. */
const heapsBelow = 11.5;
const heapPx = 46;
/** Tiles finer than this tell no more about where a patch stands. */
const finest = 14;

/**
 * Patches of a filter: outlines from near, dots from afar, heaps with numbers from farther. `toneOf` gives the colour
 * for a patch as it stands now, which may be another than its tile says.
 */
export function patchLayers(toneOf: (mark: PatchMark) => string): PatchLayers {
  let query = '';
  const outlines = new ol.layer.VectorTile({ minZoom: 13, style: (feature) => outlineStyle(toneOf(markOf(feature))) });
  const points = pointSource(() => query);
  const heaps = new ol.source.Cluster({ source: points, distance: 0 });
  const dots = new ol.layer.Vector({
    source: heaps,
    maxZoom: outlinesFrom,
    style: (feature) => pointStyle(feature as ol.Feature, toneOf),
  });
  return {
    layers: [outlines, dots],
    show(next) {
      query = next === '' ? '' : `?${next}`;
      outlines.setSource(vectorSource(address, query, 16));
      points.refresh();
    },
    repaint() {
      outlines.changed();
      dots.changed();
    },
    at: (map, pixel) => whatIsAt(map, pixel, [outlines, dots]),
    heapsOf: (distancePx) => {
      if (heaps.getDistance() !== distancePx) heaps.setDistance(distancePx);
      // Counts of squares hold for the tiles they came with: from nearer there are patches in their place.
      if (points.getFeatures().some((feature) => weightOf(feature) > 1)) points.refresh();
    },
    nearest(coordinate) {
      const feature = points.getClosestFeatureToCoordinate(coordinate);
      return feature === null || weightOf(feature) > 1 ? null : markOf(feature);
    },
  };
}

/** How far patches may stand apart to be one heap, at the map's zoom. */
export function heapDistance(map: ol.Map): number {
  return (map.getView().getZoom() ?? 0) < heapsBelow ? heapPx : 0;
}

function pointSource(query: () => string): ol.source.Vector {
  const grid = ol.tilegrid.createXYZ({ tileSize: 512, maxZoom: finest });
  const source: ol.source.Vector = new ol.source.Vector({
    strategy: ol.loadingstrategy.tile(grid),
    loader: (extent, resolution, _projection, done, failed) => {
      const [z, x, y] = grid.getTileCoordForCoordAndResolution(ol.extent.getCenter(extent), resolution);
      const asked = query();
      readTile(`${address}/${z}/${x}/${y}.mvt${asked}`, extent).then(
        (features) => {
          if (asked !== query()) return;
          const added = features.map(pointOf);
          source.addFeatures(added);
          done?.(added);
        },
        () => {
          source.removeLoadedExtent(extent);
          failed?.();
        },
      );
    },
  });
  return source;
}

/** A patch's place; the same patch of two tiles is one by its id. */
function pointOf(feature: ol.render.Feature): ol.Feature {
  const point = new ol.Feature(new ol.geom.Point(ol.extent.getCenter(feature.getExtent())));
  point.setProperties(feature.getProperties(), true);
  point.setId(String(feature.get('id') ?? `heap ${feature.getExtent()}`));
  return point;
}

function pointStyle(feature: ol.Feature, toneOf: (mark: PatchMark) => string): ol.style.Style {
  const members = feature.get('features') as ol.Feature[];
  const total = members.reduce((sum, member) => sum + weightOf(member), 0);
  if (total > 1) return clusterStyle(String(total));
  const mark = markOf(members[0]);
  const radius = Math.min(7, 3.2 + Math.sqrt(mark.areaM2) / 30).toFixed(0);
  return dotStyle(`${toneOf(mark)} ${radius} ${mark.overdue ? 'late' : ''}`);
}

/** A tile of very many patches tells only how many there are in each of its squares. */
function weightOf(feature: ol.Feature): number {
  return Number(feature.get('count') ?? 1);
}

function markOf(feature: ol.Feature | ol.render.Feature): PatchMark {
  const { id, number, state, areaM2, overdue } = feature.getProperties();
  return { id: String(id), number: String(number), state, areaM2: Number(areaM2), overdue: overdue === true };
}

function whatIsAt(map: ol.Map, pixel: number[], layers: ol.layer.Layer[]) {
  const hit: { one: PatchMark | null; heap: number[] | null } = { one: null, heap: null };
  map.forEachFeatureAtPixel(
    pixel,
    (feature) => {
      const members = feature.get('features') as ol.Feature[] | undefined;
      if (members !== undefined && (members.length > 1 || weightOf(members[0]) > 1)) {
        hit.heap = ol.extent.boundingExtent(
          members.map((member) => (member.getGeometry() as ol.geom.Point).getCoordinates()),
        );
      } else hit.one = markOf(members?.[0] ?? feature);
      return true;
    },
    { hitTolerance: 6, layerFilter: (layer) => layers.includes(layer) },
  );
  return hit;
}
