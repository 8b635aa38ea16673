import { shortDistanceM } from '../../../imagery/ellipsoid.ts';
import type { PhotoFacts } from '../photo-facts.ts';
import type { Reading } from '../reading.ts';
import type { Told } from '../statement.ts';
import { type CheckResult, cannotBeTold, result } from './check-result.ts';
import { checkLimits } from './limits.ts';

/** Programs that people change pictures with; a camera's own software is none of them. */
const EDITORS =
  /photoshop|lightroom|gimp|snapseed|picsart|meitu|美图|meiyan|醒图|hypic|xingtu|美颜|faceu|b612|vsco|canva|pixelmator|affinity|paint\.net|acdsee|picasa|coreldraw|darktable|rawtherapee|luminar|imagemagick|exiftool|exif ?editor|camera360|相机360|wps|可画|稿定/i;

export function checkOriginal(isWhole: boolean): CheckResult {
  return isWhole
    ? result('original', 'passed', ['原件完整，与入库时一致', 'the original is there as it came in'])
    : result('original', 'failed', ['原件缺失或已被改动', 'the original is missing or was changed']);
}

/** What the file says of programs that worked on it. One that says nothing may have been edited all the same. */
export function checkEdited({ software, changedAt }: PhotoFacts): CheckResult {
  const editor = software !== null && EDITORS.test(software);
  if (editor) {
    return result('edited', 'failed', [`经软件编辑：${software}`, `edited with ${software}`], { software });
  }
  if (changedAt !== null) {
    const words = [`拍摄后改动于 ${changedAt}`, `changed after it was taken, at ${changedAt}`] as const;
    return result('edited', 'failed', words, { software, changedAt });
  }
  if (software === null) {
    return cannotBeTold('edited', ['文件未写明软件', 'the file does not say what wrote it']);
  }
  return result('edited', 'passed', [`文件由 ${software} 写成`, `written by ${software}`], { software });
}

/**
 * Do the file and the sensors tell the same place and time? Where they do not, one of them was made up. A phone that
 * strips the position from chosen files leaves nothing to compare.
 */
export function checkAgreement(
  { position, accuracyM, taken }: PhotoFacts,
  reading: Reading | null,
  told: Told | null = null,
): CheckResult {
  const sensors = reading === null ? told : { position: reading, accuracyM: reading.accuracyM, at: reading.at };
  if (sensors === null || sensors.position === null || sensors.at === null) {
    return cannotBeTold('agreement', ['没有签名的传感器读数', 'no signed sensor reading came with it']);
  }
  if (position === null || taken === null) {
    return cannotBeTold('agreement', ['照片文件没有位置或时间', 'the file gives no position or no time']);
  }
  const assumed = checkLimits.assumedAccuracyM;
  const metres = shortDistanceM([position.lon, position.lat], [sensors.position.lon, sensors.position.lat]);
  const minutes = Math.abs(Date.parse(taken.at) - Date.parse(sensors.at)) / 60_000;
  const slack = checkLimits.agreeM + (sensors.accuracyM ?? assumed) + (accuracyM ?? assumed);
  const agree = metres <= slack && minutes <= checkLimits.agreeMinutes;
  const [m, t] = [metres.toFixed(0), minutes.toFixed(0)];
  const signed = reading !== null;
  const zh = `照片与${signed ? '传感器' : '手机所报'}相差 ${m} 米、${t} 分钟`;
  const en = `file and ${signed ? 'sensors' : 'phone'} are ${m} m and ${t} minutes apart`;
  return result('agreement', agree ? 'passed' : 'failed', [zh, en], { metres, minutes, slackM: slack, signed });
}
