import { changeTypes } from '../../detectors/change-type.ts';
import { muOf } from '../legality/area.ts';
import { applies, layerTitle, takenAsOutside } from './applying.ts';
import { minAreaOf, type ThemeDefinition, type ThemeDefinitions } from './definition.ts';
import { severityOf } from './severity.ts';
import type { Because, PatchTheme, ThemedPatch } from './themed-patch.ts';
import { areaInZones } from './zone-area.ts';

/**
 * The themes a patch belongs to, in the order of the definitions, each with its grade and every reason. A patch may
 * belong to several, or to none. `known`: names of the layers that the workspace has.
 */
export function themesOf(patch: ThemedPatch, { themes }: ThemeDefinitions, known: ReadonlySet<string>): PatchTheme[] {
  return themes.filter((theme) => applies(theme, known)).flatMap((theme) => themeOf(patch, theme, known) ?? []);
}

function themeOf(patch: ThemedPatch, theme: ThemeDefinition, known: ReadonlySet<string>): PatchTheme | null {
  const { areaM2, type } = patch.facts.patch;
  if (!theme.types.includes(type)) return null;
  if (areaM2 < minAreaOf(theme) || areaM2 > (theme.maxAreaM2 ?? Infinity)) return null;
  const inZoneM2 = areaInZones(patch.facts, theme, patch.overlaps ?? {});
  const { share, areaM2: leastM2 } = theme.leastInZone;
  if (inZoneM2 <= 0 || inZoneM2 < Math.min(leastM2, share * areaM2)) return null;
  const { severity, because } = severityOf(patch, theme, inZoneM2);
  const unknownOutside = theme.zones.outside.filter((layer) => !known.has(layer));
  const assumed = unknownOutside.map((layer) => ({ code: 'assumed-outside', grade: null, ...takenAsOutside(layer) }));
  return {
    theme: theme.id,
    severity,
    because: [typeReason(patch), zoneReason(theme, inZoneM2, areaM2), ...assumed, ...because],
  };
}

function typeReason({ facts }: ThemedPatch): Because {
  const { type, typeConfidence } = facts.patch;
  const { zh, en } = changeTypes[type];
  const chance = `${Math.round(100 * typeConfidence)} %`;
  if (type === 'unknown')
    return {
      code: 'type-undetermined',
      grade: null,
      zh: '变化类型待判，不排除',
      en: 'type undetermined: not ruled out',
    };
  return {
    code: 'type',
    grade: null,
    zh: `变化类型：${zh}（把握 ${chance}）`,
    en: `change type: ${en} (${chance} sure)`,
  };
}

function zoneReason({ zones }: ThemeDefinition, inZoneM2: number, areaM2: number): Because {
  const names = (layers: string[], language: 'zh' | 'en', or: string) =>
    layers.map((layer) => layerTitle(layer)[language]).join(or);
  const inside = zones.in.length > 0;
  const layers = inside ? zones.in : zones.outside;
  const figure = `${inZoneM2.toFixed(0)} m²（${muOf(inZoneM2).toFixed(2)} 亩，${((100 * inZoneM2) / areaM2).toFixed(0)} %）`;
  if (layers.length === 0)
    return { code: 'everywhere', grade: null, zh: `不限区域 ${figure}`, en: `anywhere: ${figure}` };
  return {
    code: inside ? 'in-zone' : 'outside-zone',
    grade: null,
    zh: `${names(layers, 'zh', '、')}${inside ? '内' : '外'} ${figure}`,
    en: `${inside ? 'within' : 'outside'} ${names(layers, 'en', ', ').toLowerCase()}: ${figure}`,
  };
}
