import type { CheckedPatch, CheckedPhoto } from '../../services/field/check-photos.ts';
import { checkLabels, type Outcome } from '../../services/field/checks/check-result.ts';
import { printTable } from './output.ts';

const outcomes: Record<Outcome, string> = {
  passed: '通过 passed',
  failed: '不符 failed',
  'cannot-be-told': '无法判断 untold',
};

/** A photo as JSON shows it: all but the samples it is compared by. */
export function shownPhoto({ photo, facts, reading, results, matches }: CheckedPhoto): object {
  const { grey: _, factsJson: __, ...row } = photo;
  return { ...row, facts, reading, results, matches };
}

export function printPhotos(photos: readonly CheckedPhoto[]): void {
  printTable(
    [
      '照片 photo',
      '格式',
      '拍摄 taken (UTC)',
      '经纬度 lon, lat',
      '方位',
      '拍摄人 by',
      '不符 failed',
      '无法判断 untold',
    ],
    photos.map(({ photo, sight, results }) => [
      photo.id,
      photo.format,
      sight.at?.slice(0, 16) ?? '',
      sight.position === null ? '' : `${sight.position.lon.toFixed(5)}, ${sight.position.lat.toFixed(5)}`,
      sight.azimuth?.degrees.toFixed(0) ?? '',
      photo.takenBy ?? '',
      namesOf(results, 'failed'),
      namesOf(results, 'cannot-be-told'),
    ]),
  );
  process.stdout.write(`${photos.length} 张照片 photos\n`);
}

export function printChecks(checked: readonly CheckedPatch[]): void {
  for (const { patch, photos, together } of checked) {
    for (const { photo, results } of photos) {
      process.stdout.write(`图斑 patch ${patch.number}  照片 photo ${photo.id}\n`);
      printTable(
        ['', '结果', '说明', ''],
        results.map(({ check, outcome, zh, en }) => [checkLabels[check].zh, outcomes[outcome], zh, en]),
      );
    }
    if (together !== null) process.stdout.write(`${outcomes[together.outcome]}：${together.zh}  ${together.en}\n`);
  }
  const photos = checked.flatMap((each) => each.photos);
  const failed = photos.filter(({ results }) => results.some(({ outcome }) => outcome === 'failed')).length;
  process.stdout.write(`${photos.length} 张照片，${failed} 张有不符项 photos, ${failed} with something that fails\n`);
}

function namesOf(results: CheckedPhoto['results'], wanted: Outcome): string {
  return results.flatMap(({ check, outcome }) => (outcome === wanted ? checkLabels[check].zh : [])).join('、');
}
