import { serveJobs } from '../jobs/thread-entry.ts';
import { guardedJob } from '../scenes/look-job.ts';
import { drawTile } from './draw-tile.ts';
import type { DrawTile, Layer } from './drawing.ts';
import { findStretch } from './find-stretch.ts';
import { OpenImages } from './open-images.ts';

const images = new OpenImages();

/** What threads that draw tiles do, each with the images it holds open. */
serveJobs({
  draw: guardedJob((input: DrawTile) => drawTile(images, input)),
  stretch: guardedJob((layers: Layer[]) => findStretch(images, layers)),
});
