import { workspaceNow } from '../shell/clock.ts';
import type { Desk } from './desk.ts';
import type { PhotoPart } from './item.ts';
import type { Sensed } from './sensors.ts';

const thumbSide = 360;
/** A fix older than this is not where the photo was taken. */
const freshMs = 120_000;

/** What is kept of a file that the camera gave: its bytes, away from the camera's own file, and what the phone senses now. */
export async function takenPhoto(file: File, { account }: Desk, { fix, heading }: Sensed): Promise<PhotoPart> {
  const bytes = new Blob([await file.arrayBuffer()], { type: typeOf(file) });
  const fresh = fix !== null && Date.now() - fix.atMs < freshMs ? fix : null;
  const takenAt = account?.workspace.simulated ? new Date(workspaceNow()) : new Date();
  const said = {
    lon: fresh?.lon ?? null,
    lat: fresh?.lat ?? null,
    accuracyM: fresh === null ? null : Math.round(fresh.accuracyM * 10) / 10,
    azimuth: heading === null ? null : Math.round(heading) % 360,
    azimuthBy: heading === null ? null : ('compass' as const),
    takenAt: takenAt.toISOString(),
  };
  return { file: bytes, type: bytes.type, thumb: await thumbOf(bytes), said };
}

function typeOf({ type, name }: File): string {
  if (/heic|heif/i.test(type) || /\.hei[cf]$/i.test(name)) return 'image/heic';
  return 'image/jpeg';
}

/** A small picture for the page; null of what this browser cannot show (HEIC). */
async function thumbOf(file: Blob): Promise<Blob | null> {
  try {
    const whole = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, thumbSide / Math.min(whole.width, whole.height));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.round(whole.width * scale), Math.round(whole.height * scale)];
    canvas.getContext('2d')!.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
  } catch {
    return null;
  }
}
