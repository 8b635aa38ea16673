import { muOf } from '../legality/area.ts';
import { layerTitle } from './applying.ts';
import type { SeverityGround, ThemeDefinition } from './definition.ts';
import { type Grade, grades, gravest } from './grade.ts';
import type { Because, PlacePatch, ThemedPatch } from './themed-patch.ts';
import { areaInLayer } from './zone-area.ts';

/** What lies below this on one side of a line is the line's own inexactness, m². */
const crossingM2 = 50;

/** The grade of a patch in a theme with every reason for it; `inZoneM2` is its area within the theme's zones. */
export function severityOf(
  patch: ThemedPatch,
  theme: ThemeDefinition,
  inZoneM2: number,
): { severity: Grade; because: Because[] } {
  const because = [bandOf(theme, inZoneM2), ...theme.severity.grounds.flatMap((ground) => argue(patch, ground))];
  const season = seasonDoubt(patch, theme);
  if (season) return { severity: 'watch', because: [...because, season] };
  return { severity: gravest('watch', ...because.flatMap(({ grade }) => grade ?? [])), because };
}

function bandOf({ severity }: ThemeDefinition, areaM2: number): Because {
  const areaMu = muOf(areaM2);
  const { fromMu, grade } = severity.bands.findLast((band) => areaMu >= band.fromMu) ?? severity.bands[0];
  const figure = `${areaMu.toFixed(2)} 亩`;
  return {
    code: 'area-band',
    grade,
    zh: `区内面积 ${figure}（${fromMu} 亩起为${grades[grade].zh}）`,
    en: `${figure} within the zones (from ${fromMu} 亩: ${grades[grade].en})`,
  };
}

function argue(patch: ThemedPatch, ground: SeverityGround): Because[] {
  if (ground.when === 'repeated') return repeated(patch, ground.grade);
  const { facts, overlaps = {} } = patch;
  const areaM2 = areaInLayer(facts, ground.layer, overlaps);
  const title = layerTitle(ground.layer);
  const figure = `${muOf(areaM2).toFixed(2)} 亩`;
  const { grade } = ground;
  if (ground.when === 'takes') {
    if (areaM2 === 0 || muOf(areaM2) < ground.fromMu) return [];
    const zh = `占${title.zh} ${figure}（${ground.fromMu} 亩起为${grades[grade].zh}）`;
    const en = `takes ${figure} of ${title.en.toLowerCase()} (from ${ground.fromMu} 亩: ${grades[grade].en})`;
    return [{ code: `takes:${ground.layer}`, grade, zh, en }];
  }
  const outsideM2 = facts.patch.areaM2 - areaM2;
  if (areaM2 < crossingM2 || outsideM2 < crossingM2) return [];
  const beyond = `${muOf(outsideM2).toFixed(2)} 亩`;
  const zh = `跨${title.zh}边界，界外 ${beyond}（疑似越界）`;
  return [{ code: `crosses:${ground.layer}`, grade, zh, en: `crosses ${title.en.toLowerCase()}: ${beyond} beyond it` }];
}

function repeated({ month, placeHistory = [] }: ThemedPatch, grade: Grade): Because[] {
  const months = earlier(placeHistory, month).filter(({ outcome }) => outcome !== 'dismissed');
  if (months.length === 0) return [];
  const list = months.map((patch) => patch.month).join(', ');
  return [
    { code: 'repeated', grade, zh: `同一地块此前已发现：${list}`, en: `the same place was found before: ${list}` },
  ];
}

/** A crop's change in its season is not trusted alone: it needs to have been seen there in a month outside of it. */
function seasonDoubt({ facts, month, placeHistory = [] }: ThemedPatch, { season }: ThemeDefinition): Because | null {
  const { type } = facts.patch;
  if (!season?.types.includes(type) || !season.months.includes(monthNumber(month))) return null;
  const confirmed = earlier(placeHistory, month).some(
    (patch) =>
      patch.outcome !== 'dismissed' && patch.type === type && !season.months.includes(monthNumber(patch.month)),
  );
  if (confirmed) return null;
  return {
    code: 'season',
    grade: 'watch',
    zh: `${monthNumber(month)} 月为农事季节，此类变化单期不作定论，待后期影像复核`,
    en: `month ${monthNumber(month)} is a season of field work: such a change is not trusted alone`,
  };
}

function earlier(history: readonly PlacePatch[], month: string): PlacePatch[] {
  return history.filter((patch) => patch.month < month).sort((a, b) => (a.month < b.month ? -1 : 1));
}

function monthNumber(month: string): number {
  return Number(month.slice(5, 7));
}
