import type { PairWindow } from './features.ts';
import { convolve, gaussianKernel } from './smoothing.ts';

const kernel = gaussianKernel(1);
export const smoothingMarginPx = kernel.length - 1;

/** Both dates under a Gaussian of σ = 1 px, over observed pixels only. The mask stays. */
export function smoothedWindow(window: PairWindow): PairWindow {
  const { width, height, mask } = window;
  const weight = convolve(new Float32Array(mask), width, height, kernel);
  const smooth = (band: Float32Array) => {
    const observed = band.map((value, i) => (mask[i] ? value : 0));
    const smoothed = convolve(observed, width, height, kernel);
    for (let i = 0; i < smoothed.length; i++) if (mask[i]) smoothed[i] /= weight[i];
    return smoothed;
  };
  return { ...window, before: window.before.map(smooth), after: window.after.map(smooth) };
}
