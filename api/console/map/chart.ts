import ol from 'ol/dist/ol.js';
import { heapDistance, type PatchLayers, type PatchMark, patchLayers } from './patch-layers.ts';
import { chosenStyles, districtStyle, zoneStyle } from './styles.ts';
import { monthSource, vectorSource } from './tiles.ts';
import { mapWord } from './words.ts';

/** What lies under the patches: one date, both with a divider between them, an outer base map, or nothing. */
export type Ground = 'before' | 'after' | 'swipe' | 'external' | 'plain';

export interface Basemap {
  /** With {z}, {x} and {y}. */
  url: string;
  attribution: string;
}

type Box = readonly number[];
type GeoJson = object;

/** The map, as the page drives it; all coordinates in degrees. */
export interface Chart {
  setGround(ground: Ground, month: string, bands: string): void;
  /** Where the divider stands, 0 to 1 from the left. */
  setSplit(share: number): void;
  setQuery(query: string): void;
  setZones(layers: readonly string[]): void;
  setDistricts(districts: GeoJson): void;
  /** The patch that is looked at; its outline where it is known. */
  setChosen(patch: { bbox: Box; geometry: GeoJson | null } | null): void;
  repaint(): void;
  /** `quietly`: it is no doing of the reader, so nobody is told. */
  zoomTo(box: Box, mostZoom: number, quietly?: boolean): void;
  /** Moves, quietly, as little as is needed for the box to be seen. */
  keepInSight(box: Box): void;
  /** The part that is seen. */
  extent(): number[];
  remove(): void;
}

export interface ChartEvents {
  onChoose(mark: PatchMark): void;
  onMoved(): void;
  /** The map has a size for the first time: it may have been drawn where it was not seen. */
  onShown(): void;
  toneOf(mark: PatchMark): string;
}

const slack = { padding: [36, 36, 36, 36], duration: 0 };
/** Closer, a pixel of a 1 m image is a big square. */
const closest = 19.5;
/** A browser opens six connections to a server: pictures and text of the patch are not to wait behind tiles. */
const atOnce = 3;

export function drawChart(target: HTMLElement, basemap: Basemap | null, events: ChartEvents): Chart {
  const images = imageLayers(basemap);
  const patches = patchLayers(events.toneOf);
  const zones = new Map<string, ol.layer.VectorTile>();
  const zoneGroup = new ol.layer.Group();
  const districts = new ol.layer.Vector({
    source: new ol.source.Vector(),
    declutter: true,
    style: (feature) => districtStyle(String(feature.get('name'))),
  });
  const chosen = chosenLayer();
  const view = new ol.View({ center: ol.proj.fromLonLat([112.5, 27]), zoom: 9, maxZoom: closest, minZoom: 4 });
  const map = new ol.Map({
    target,
    view,
    maxTilesLoading: atOnce,
    layers: [...images.layers, zoneGroup, districts, ...patches.layers, chosen.layer],
    controls: controls(),
  });
  // Only moves of the reader are told: the map also moves by itself, and a list that followed would move it again.
  let moved = false;
  for (const doing of ['pointerdown', 'wheel', 'keydown'])
    target.addEventListener(doing, () => (moved = true), { capture: true, passive: true });
  const onMoved = () => {
    if (moved) events.onMoved();
    moved = false;
  };
  listen(map, target, patches, { ...events, onMoved });
  const extent = () => ol.proj.transformExtent(view.calculateExtent(map.getSize()), 'EPSG:3857', 'EPSG:4326');
  return {
    setGround: (ground, month, bands) => {
      images.show(ground, month, bands);
      map.render();
    },
    setSplit: (share) => {
      images.split(share);
      map.render();
    },
    setQuery: (query) => patches.show(query),
    setZones: (names) => showZones(zoneGroup, zones, names),
    setDistricts: (collection) => {
      districts.getSource()?.clear();
      districts.getSource()?.addFeatures(read(collection));
    },
    setChosen: (patch) => chosen.show(patch),
    repaint: () => patches.repaint(),
    zoomTo: (box, mostZoom, quietly = false) => {
      moved = !quietly;
      view.fit(toMap(box), { ...slack, maxZoom: mostZoom });
    },
    keepInSight: (box) => {
      const here = view.calculateExtent(map.getSize());
      const middle = ol.extent.getCenter(toMap(box));
      if (ol.extent.containsCoordinate(ol.extent.buffer(here, -0.01 * ol.extent.getWidth(here)), middle)) return;
      moved = false;
      view.setCenter(middle);
    },
    extent,
    remove: () => map.setTarget(undefined),
  };
}

function controls(): ol.control.Control[] {
  return [
    new ol.control.Zoom({ zoomInTipLabel: mapWord('zoomIn'), zoomOutTipLabel: mapWord('zoomOut') }),
    new ol.control.ScaleLine({ units: 'metric', minWidth: 70 }),
    new ol.control.Attribution({ collapsible: false }),
  ];
}

function listen(
  map: ol.Map,
  target: HTMLElement,
  patches: PatchLayers,
  { onChoose, onMoved, onShown }: ChartEvents,
): void {
  const view = map.getView();
  map.on('singleclick', ({ pixel }) => {
    const { one, heap } = patches.at(map, pixel);
    if (one !== null) onChoose(one);
    else if (heap !== null)
      view.fit(heap, { ...slack, maxZoom: Math.max(15, (view.getZoom() ?? 0) + 2), duration: 200 });
  });
  map.on('pointermove', ({ pixel, dragging }) => {
    if (dragging) return;
    const { one, heap } = patches.at(map, pixel);
    target.classList.toggle('over', one !== null || heap !== null);
  });
  let seen = false;
  map.on('change:size', () => {
    const [width = 0] = map.getSize() ?? [];
    if (!seen && width > 0) onShown();
    seen ||= width > 0;
  });
  map.on('moveend', () => {
    patches.heapsOf(heapDistance(map));
    onMoved();
  });
  target.addEventListener('keydown', (event) => {
    // On the map arrows move the map, not the list nor the divider.
    if (event.key.startsWith('Arrow')) event.stopPropagation();
    if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
    const nearest = patches.nearest(view.getCenter() ?? [0, 0]);
    if (nearest !== null) onChoose(nearest);
  });
}

function imageLayers(basemap: Basemap | null) {
  const external = new ol.layer.Tile({ visible: false });
  const after = new ol.layer.Tile({ visible: false });
  const before = new ol.layer.Tile({ visible: false });
  let share = 1;
  let shown = '';
  // Left of the divider the one before is painted over the one after.
  before.on('prerender', (event) => {
    const context = event.context as CanvasRenderingContext2D;
    context.save();
    if (share >= 1) return;
    const [width, height] = event.target.getMapInternal()?.getSize() ?? [0, 0];
    const corner = (x: number, y: number) => ol.render.getRenderPixel(event, [x, y]);
    context.beginPath();
    for (const [x, y] of [corner(0, 0), corner(width * share, 0), corner(width * share, height), corner(0, height)])
      context.lineTo(x, y);
    context.closePath();
    context.clip();
  });
  before.on('postrender', (event) => (event.context as CanvasRenderingContext2D).restore());
  const ready = (month: string, bands: string) => {
    if (shown === `${month} ${bands}` || month === '') return;
    shown = `${month} ${bands}`;
    after.setSource(monthSource(month, 'after', bands));
    before.setSource(monthSource(month, 'before', bands));
  };
  if (basemap !== null) external.setSource(new ol.source.XYZ({ url: basemap.url, attributions: basemap.attribution }));
  return {
    layers: [external, after, before],
    show(ground: Ground, month: string, bands: string) {
      ready(month, bands);
      external.setVisible(ground === 'external');
      after.setVisible(ground === 'after' || ground === 'swipe');
      before.setVisible(ground === 'before' || ground === 'swipe');
      if (ground !== 'swipe') share = 1;
    },
    split(next: number) {
      share = next;
    },
  };
}

function showZones(group: ol.layer.Group, made: Map<string, ol.layer.VectorTile>, names: readonly string[]): void {
  for (const name of names) {
    if (made.has(name)) continue;
    const layer = new ol.layer.VectorTile({
      source: vectorSource(`tiles/zones/${name}`, '', 15),
      style: zoneStyle(name),
    });
    made.set(name, layer);
    group.getLayers().push(layer);
  }
  for (const [name, layer] of made) layer.setVisible(names.includes(name));
}

function chosenLayer() {
  const source = new ol.source.Vector();
  const ringFrom = 16;
  const layer = new ol.layer.Vector({
    source,
    style: (feature, resolution) => {
      const near = (resolution ?? 1) < 156543 / 2 ** ringFrom;
      const isRing = feature.get('ring') === true;
      if (isRing) return near ? [] : chosenStyles.ring;
      return near ? chosenStyles.outline : [];
    },
  });
  return {
    layer,
    show(patch: { bbox: Box; geometry: GeoJson | null } | null) {
      source.clear();
      if (patch === null) return;
      const box = toMap(patch.bbox);
      const ring = new ol.Feature({ geometry: new ol.geom.Point(ol.extent.getCenter(box)), ring: true });
      const outline =
        patch.geometry === null
          ? [new ol.Feature(boxShape(box))]
          : read({ type: 'Feature', geometry: patch.geometry, properties: {} });
      source.addFeatures([ring, ...outline]);
    },
  };
}

function read(geoJson: GeoJson): ol.Feature[] {
  return new ol.format.GeoJSON().readFeatures(geoJson, { featureProjection: 'EPSG:3857' }) as ol.Feature[];
}

function boxShape([left, bottom, right, top]: number[]): ol.geom.Polygon {
  const corners = [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
    [left, bottom],
  ];
  return new ol.geom.Polygon([corners]);
}

function toMap(box: Box): number[] {
  return ol.proj.transformExtent([...box], 'EPSG:4326', 'EPSG:3857');
}
