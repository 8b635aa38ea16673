import ol from 'ol/dist/ol.js';

/** How what lies on the map is drawn. Colours are those of shell/base.css, read once. */

const font = '600 12px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

export const tones = ['find', 'warn', 'resolve', 'done', 'dismissed'] as const;

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function memo<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}

/** Translucent, so that the ground is seen through it: 'find' and how dark, 0 to 255 in hex. */
function veil(tone: string, alpha: string): string {
  return colour(tone) + alpha;
}

/** The outline of a patch, light inside dark so that it is seen on any ground. */
export const outlineStyle = memo((tone) => [
  new ol.style.Style({ stroke: new ol.style.Stroke({ color: '#fffc', width: 3.5 }) }),
  new ol.style.Style({
    stroke: new ol.style.Stroke({ color: colour(tone), width: 1.8 }),
    fill: new ol.style.Fill({ color: veil(tone, '26') }),
  }),
]);

/** One patch from afar: 'tone radius late'; what is late has a red rim. */
export const dotStyle = memo((key) => {
  const [tone, radius, late] = key.split(' ');
  return new ol.style.Style({
    image: new ol.style.Circle({
      radius: Number(radius),
      fill: new ol.style.Fill({ color: colour(tone) }),
      stroke: new ol.style.Stroke({ color: late === 'late' ? '#ff6a55' : '#fff', width: late === 'late' ? 2.2 : 1.4 }),
    }),
  });
});

/** Many patches from afar, with their number. */
export const clusterStyle = memo((count) => {
  const radius = 11 + Math.min(13, 3 * Math.log10(Number(count)) * 2);
  return new ol.style.Style({
    image: new ol.style.Circle({
      radius,
      fill: new ol.style.Fill({ color: veil('accent', 'd9') }),
      stroke: new ol.style.Stroke({ color: '#ffffffd9', width: 2 }),
    }),
    text: new ol.style.Text({ text: count, font, fill: new ol.style.Fill({ color: '#fff' }) }),
  });
});

/** The patch that is looked at: a bright outline, and from afar a ring round its place. */
export const chosenStyles = {
  outline: [
    new ol.style.Style({ stroke: new ol.style.Stroke({ color: '#16211fcc', width: 5.5 }), zIndex: 10 }),
    new ol.style.Style({ stroke: new ol.style.Stroke({ color: '#ffd23f', width: 2.6 }), zIndex: 11 }),
  ],
  ring: [
    new ol.style.Style({
      image: new ol.style.Circle({ radius: 13, stroke: new ol.style.Stroke({ color: '#16211fcc', width: 5 }) }),
      zIndex: 10,
    }),
    new ol.style.Style({
      image: new ol.style.Circle({ radius: 13, stroke: new ol.style.Stroke({ color: '#ffd23f', width: 2.6 }) }),
      zIndex: 11,
    }),
  ],
};

/** District outlines with their names, in the middle of each. */
export const districtStyle = memo((name) => [
  new ol.style.Style({ stroke: new ol.style.Stroke({ color: '#ffffffb3', width: 3.2 }) }),
  new ol.style.Style({
    stroke: new ol.style.Stroke({ color: '#41534d', width: 1.3, lineDash: [7, 3, 1.5, 3] }),
    text: new ol.style.Text({
      text: name,
      font,
      overflow: true,
      fill: new ol.style.Fill({ color: '#2b3a36' }),
      stroke: new ol.style.Stroke({ color: '#ffffffe6', width: 3.5 }),
    }),
  }),
]);

const zones: Record<string, { line: string; fill: string; dash?: number[] }> = {
  'red-line': { line: '#d2362a', fill: '#d2362a1f', dash: [6, 3] },
  'permanent-basic-farmland': { line: '#c08a1e', fill: '#e7b6402e' },
  farmland: { line: '#8f9a3a', fill: '#b9c25b1f' },
  approvals: { line: '#2f6bb3', fill: '#2f6bb31f' },
};

export const zoneStyle = memo((layer) => {
  const { line, fill, dash } = zones[layer];
  return new ol.style.Style({
    stroke: new ol.style.Stroke({ color: line, width: 1.2, ...(dash && { lineDash: dash }) }),
    fill: new ol.style.Fill({ color: fill }),
  });
});
