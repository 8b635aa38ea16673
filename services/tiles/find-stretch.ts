import type { Grid, Window } from '../../imagery/grid.ts';
import { type Channels, commonStretch } from '../../imagery/picture.ts';
import type { RasterSource } from '../../imagery/raster.ts';
import { type GroupStretch, type Layer, toDecibels, toReflectance } from './drawing.ts';
import type { OpenImages } from './open-images.ts';

/** Pixels of a scene that are looked at, a side: of an overview where there is one, else in windows of the image. */
const samplePx = 96;
const windowsPerSide = 3;
/** Reflectivity cannot be negative: with more than this share below 0, the numbers are decibels already. */
const decibelShare = 0.05;

/**
 * One stretch for scenes of one radiometry, told from a sample of each: the same scenes give the same stretch. Those
 * that cannot be read have no say.
 */
export async function findStretch(images: OpenImages, layers: readonly Layer[]): Promise<GroupStretch> {
  const samples: Channels[] = [];
  for (const layer of layers) {
    const sample = await sampleOf(images, layer).catch(() => null);
    if (sample !== null) samples.push(sample);
  }
  const radar = layers[0]?.shown.radar ?? false;
  const asDecibels = radar && !areDecibels(samples);
  if (asDecibels) for (const { channels } of samples) for (const channel of channels) toDecibels(channel);
  return { stretch: commonStretch(samples.map(inThree)), toDecibels: asDecibels };
}

/** A stretch is of three channels; grey is thrice the same. */
function inThree({ channels, mask }: Channels): Channels {
  return { channels: channels.length === 3 ? channels : [channels[0], channels[0], channels[0]], mask };
}

async function sampleOf(images: OpenImages, { scene, shown }: Layer): Promise<Channels> {
  const longer = Math.max(scene.grid.width, scene.grid.height);
  const source = await overviewOf(images, scene, longer);
  const windows = sampleWindows(source.info.grid);
  const side = windows.length * windows[0].width * windows[0].height;
  const channels = shown.indices.map(() => new Float32Array(side));
  const mask = new Uint8Array(side);
  let at = 0;
  for (const window of windows) {
    const { bands, mask: seen } = await source.read(window);
    for (const [k, channel] of channels.entries()) channel.set(bands[shown.indices[k]], at);
    mask.set(seen, at);
    at += seen.length;
  }
  if (!shown.radar) for (const channel of channels) toReflectance(channel, scene);
  return { channels, mask };
}

/** The smallest overview that has enough pixels, else the image: a sample is not worth decoding all of it. */
async function overviewOf(images: OpenImages, scene: Layer['scene'], longer: number): Promise<RasterSource> {
  const full = await images.at(scene, 0, false);
  const { overviews } = full.info;
  const level = overviews.findLastIndex(({ width, height }) => Math.max(width, height) >= 2 * samplePx);
  return level < 0 ? full : images.at(scene, longer / Math.max(overviews[level].width, overviews[level].height), false);
}

/** Windows spread over an image, all of one size. */
function sampleWindows(grid: Grid): Window[] {
  const side = Math.ceil(samplePx / windowsPerSide) * 2;
  const width = Math.min(side, grid.width);
  const height = Math.min(side, grid.height);
  return Array.from({ length: windowsPerSide ** 2 }, (_, k) => {
    const share = (i: number) => (i + 0.5) / windowsPerSide;
    const column = Math.floor(share(k % windowsPerSide) * (grid.width - width));
    const row = Math.floor(share(Math.floor(k / windowsPerSide)) * (grid.height - height));
    return { column, row, width, height };
  });
}

function areDecibels(samples: readonly Channels[]): boolean {
  let [below, all] = [0, 0];
  for (const { channels, mask } of samples) {
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      all++;
      if (channels[0][i] < 0) below++;
    }
  }
  return below > decibelShare * all;
}
