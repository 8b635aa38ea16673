import { fingerprint, type Likeness, laidAllWays, likeness } from '../likeness.ts';
import { type CheckResult, cannotBeTold, result } from './check-result.ts';
import { checkLimits } from './limits.ts';

/** A photo as it is compared with others. */
export interface Compared {
  /** The lower came in first. */
  seq: number;
  id: string;
  patchId: string;
  sha256: string;
  grey: Uint8Array | null;
  /** When it was taken, UTC; null where nobody knows. */
  takenAt: string | null;
}

/** An earlier photo that this one is, or looks like. */
export interface Match {
  photoId: string;
  patchId: string;
  /** same-file: byte for byte; alike: re-shot, edited, turned or saved anew; series: of one visit. */
  kind: 'same-file' | 'alike' | 'series';
  likeness: Likeness | null;
}

/** Those of the photos that came in before this one and show the same picture, the likest first. */
export function matchesOf(photo: Compared, all: readonly Compared[]): Match[] {
  const earlier = all.filter(({ seq }) => seq < photo.seq);
  const ways = photo.grey === null ? [] : laidAllWays(photo.grey);
  const matches = earlier.flatMap((other): Match[] => {
    const known = { photoId: other.id, patchId: other.patchId };
    if (other.sha256 === photo.sha256) return [{ ...known, kind: 'same-file', likeness: null }];
    const print = other.grey === null || ways.length === 0 ? null : printOf(other.grey);
    const alike = print === null ? null : likeness(ways, print);
    if (alike === null) return [];
    return [{ ...known, kind: isSeries(photo, other, alike) ? 'series' : 'alike', likeness: alike }];
  });
  return matches.sort((a, b) => (b.likeness?.correlation ?? 2) - (a.likeness?.correlation ?? 2));
}

/** Is it a photo that was handed in before? A series of one visit is none. */
export function checkCopy(photo: Compared, matches: readonly Match[]): CheckResult {
  const found = matches.filter(({ kind }) => kind !== 'series');
  const [first] = found;
  if (first !== undefined) {
    const { photoId, patchId, kind, likeness: alike } = first;
    const turned = alike !== null && (alike.turns > 0 || alike.mirrored);
    const more = found.length - 1;
    const [zhKind, enKind] =
      kind === 'same-file' ? ['为同一文件', 'is the file of'] : ['画面相同', 'shows the picture of'];
    const zh = `与照片 ${photoId}（图斑 ${patchId}）${zhKind}${turned ? '（经旋转或镜像）' : ''}${more > 0 ? `，另有 ${more} 张` : ''}`;
    const en = `${enKind} photo ${photoId} (patch ${patchId})${turned ? ', turned or mirrored' : ''}${more > 0 ? `, and ${more} more` : ''}`;
    const figures = { photoId, patchId, kind, bits: alike?.bits ?? null, correlation: alike?.correlation ?? null };
    return result('copy', 'failed', [zh, en], figures);
  }
  if (photo.grey === null) {
    const words = ['此格式只能比对文件是否相同', 'of this format only the very same file can be found'] as const;
    return cannotBeTold('copy', words);
  }
  if (fingerprint(photo.grey) === null) {
    return cannotBeTold('copy', ['画面几乎没有内容，无法比对', 'the picture shows too little to be compared']);
  }
  const series = matches.length;
  const zh = `库内未见相同画面${series > 0 ? `（同次拍摄 ${series} 张）` : ''}`;
  const en = `no earlier photo shows this picture${series > 0 ? ` (${series} of the same visit)` : ''}`;
  return result('copy', 'passed', [zh, en], { series });
}

const prints = new WeakMap<Uint8Array, ReturnType<typeof fingerprint>>();

/** Worked out once for as long as the samples are held. */
function printOf(grey: Uint8Array): ReturnType<typeof fingerprint> {
  if (!prints.has(grey)) prints.set(grey, fingerprint(grey));
  return prints.get(grey)!;
}

/** Two photos of one patch, minutes apart, held the same way. */
function isSeries(a: Compared, b: Compared, { turns, mirrored }: Likeness): boolean {
  if (a.patchId !== b.patchId || a.takenAt === null || b.takenAt === null || turns > 0 || mirrored) return false;
  return Math.abs(Date.parse(a.takenAt) - Date.parse(b.takenAt)) <= checkLimits.seriesMinutes * 60_000;
}
