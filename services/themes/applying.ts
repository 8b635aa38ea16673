import type { Label } from '../lifecycle/label.ts';
import { roleOf } from '../zones/layer-roles.ts';
import type { ThemeDefinition, ThemeDefinitions } from './definition.ts';

/** A theme that cannot be watched: of each group of layers one is missing. */
export interface NotApplying {
  theme: string;
  title: Label;
  /** Groups of which one layer each is wanted and none is known. */
  missing: string[][];
  zh: string;
  en: string;
}

/** A theme that is watched, but not as finely as it could be. */
export interface Assumed {
  theme: string;
  /** The layer its zones leave out, which nobody imported. */
  layer: string;
  zh: string;
  en: string;
}

/** The themes that cannot be watched with these layers, and what each lacks: a theme unwatched is never "nothing found". */
export function notApplying({ themes }: ThemeDefinitions, known: ReadonlySet<string>): NotApplying[] {
  return themes.flatMap((theme) => {
    const missing = missingLayers(theme, known);
    if (missing.length === 0) return [];
    const lists = (language: 'zh' | 'en', or: string, and: string) =>
      missing.map((group) => group.map((layer) => layerTitle(layer)[language]).join(or)).join(and);
    return {
      theme: theme.id,
      title: theme.title,
      missing,
      zh: `未导入图层：${lists('zh', ' 或 ', '；')}，本专题不能监测`,
      en: `no layer imported of: ${lists('en', ' or ', '; ')}; it cannot be watched`,
    };
  });
}

export function applies(theme: ThemeDefinition, known: ReadonlySet<string>): boolean {
  return missingLayers(theme, known).length === 0;
}

/** What the themes that are watched take for granted, since a layer they leave out is not known. */
export function assumptions({ themes }: ThemeDefinitions, known: ReadonlySet<string>): Assumed[] {
  return themes
    .filter((theme) => applies(theme, known))
    .flatMap((theme) =>
      theme.zones.outside
        .filter((layer) => !known.has(layer))
        .map((layer) => ({ theme: theme.id, layer, ...takenAsOutside(layer) })),
    );
}

export function takenAsOutside(layer: string): Label {
  const { zh, en } = layerTitle(layer);
  return { zh: `未导入${zh}，按全部在其范围外处理`, en: `${en} not imported: everything counts as outside it` };
}

/** How people call a layer: its role's title, or a custom layer's own name. */
export function layerTitle(layer: string): Label {
  return roleOf(layer)?.title ?? { zh: layer, en: layer };
}

function missingLayers({ needs }: ThemeDefinition, known: ReadonlySet<string>): string[][] {
  return needs.filter((group) => !group.some((layer) => known.has(layer)));
}
