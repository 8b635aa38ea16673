import { useEffect, useState } from 'preact/hooks';
import type { Place } from './geo.ts';

/** What the phone's receiver and compass say now. */
export interface Sensed {
  fix: (Place & { accuracyM: number; atMs: number }) | null;
  /** Why there is no fix: 'denied', 'unavailable', 'insecure'; null while looking. */
  noFix: 'denied' | 'unavailable' | 'insecure' | null;
  /** Whither the camera looks, degrees from north; null where there is no compass, or it may not be read. */
  heading: number | null;
}

/** iOS asks the person, and only when the page is touched. */
interface AskingOrientation {
  requestPermission?: () => Promise<'granted' | 'denied'>;
}

const orientation = () => globalThis.DeviceOrientationEvent as unknown as AskingOrientation | undefined;

/** @returns whether the compass may be read; to be called from a touch. */
export async function askForCompass(): Promise<boolean> {
  const granted = await orientation()
    ?.requestPermission?.()
    .catch(() => 'denied' as const);
  return granted === 'granted';
}

/** Position and heading as they change. `active` false: the receiver rests, and the battery with it. */
export function useSensors(active: boolean): Sensed {
  const [sensed, setSensed] = useState<Sensed>({ fix: null, noFix: null, heading: null });
  useEffect(() => {
    if (!active) return;
    const stops = [watchPosition(setSensed), watchHeading(setSensed)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [active]);
  return sensed;
}

type Change = (change: (before: Sensed) => Sensed) => void;

function watchPosition(change: Change): () => void {
  const none = (noFix: Sensed['noFix']) =>
    change((before) => ({ ...before, noFix: before.fix === null ? noFix : null }));
  if (!isSecureContext || !navigator.geolocation) {
    none(isSecureContext ? 'unavailable' : 'insecure');
    return () => {};
  }
  const watch = navigator.geolocation.watchPosition(
    ({ coords: { longitude: lon, latitude: lat, accuracy: accuracyM }, timestamp: atMs }) =>
      change((before) => ({ ...before, noFix: null, fix: { lon, lat, accuracyM, atMs } })),
    ({ code }) => none(code === 1 ? 'denied' : 'unavailable'),
    { enableHighAccuracy: true, maximumAge: 5000 },
  );
  return () => navigator.geolocation.clearWatch(watch);
}

function watchHeading(change: Change): () => void {
  const read = (event: Event) => {
    const heading = headingOf(event as Turned);
    if (heading !== null) change((before) => (sameDegree(before.heading, heading) ? before : { ...before, heading }));
  };
  // Of the two, only the first is against north on Android; iOS has the second, with a compass heading.
  for (const name of ['deviceorientationabsolute', 'deviceorientation']) addEventListener(name, read);
  return () => {
    for (const name of ['deviceorientationabsolute', 'deviceorientation']) removeEventListener(name, read);
  };
}

interface Turned extends DeviceOrientationEvent {
  webkitCompassHeading?: number;
}

/** Degrees under which a phone counts as lying flat: then its top points, else its camera. */
const flatDegrees = 35;

/** Whither the camera on the back looks (DeviceOrientation, appendix A.1); of a phone that lies flat, its top. */
export function headingOf({ webkitCompassHeading, alpha, beta, gamma, absolute }: Turned): number | null {
  if (typeof webkitCompassHeading === 'number') return (webkitCompassHeading + 360) % 360;
  if (!absolute || alpha === null || beta === null || gamma === null) return null;
  if (Math.abs(beta) < flatDegrees && Math.abs(gamma) < flatDegrees) return (360 - alpha) % 360;
  const [z, x, y] = [alpha, beta, gamma].map((degrees) => (degrees * Math.PI) / 180);
  const east = -Math.cos(z) * Math.sin(y) - Math.sin(z) * Math.sin(x) * Math.cos(y);
  const north = -Math.sin(z) * Math.sin(y) + Math.cos(z) * Math.sin(x) * Math.cos(y);
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}

function sameDegree(before: number | null, now: number): boolean {
  return before !== null && Math.round(before) === Math.round(now);
}
