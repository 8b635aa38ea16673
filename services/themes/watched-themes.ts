import type { Label } from '../lifecycle/label.ts';
import type { LayerRow } from '../store/layers.ts';
import { assumptions, notApplying } from './applying.ts';
import { minAreaOf, type ThemeDefinition, type ThemeDefinitions } from './definition.ts';

/** A theme, and whether it can be watched with the layers that are there. */
export type WatchedTheme = ThemeDefinition & {
  minAreaM2: number;
  watched: boolean;
  /** Groups of layers of which one each is wanted and none is known. */
  missing: string[][];
  /** Why it is not watched, or what is taken for granted where it is. */
  because: Label[];
};

export function watchedThemes(definitions: ThemeDefinitions, layers: readonly LayerRow[]): WatchedTheme[] {
  const known = new Set(layers.filter(({ state }) => state === 'ready').map(({ name }) => name));
  const lacking = notApplying(definitions, known);
  const assumed = assumptions(definitions, known);
  return definitions.themes.map((theme) => {
    const lack = lacking.filter(({ theme: id }) => id === theme.id);
    const reasons = [...lack, ...assumed.filter(({ theme: id }) => id === theme.id)];
    return {
      ...theme,
      minAreaM2: minAreaOf(theme),
      watched: lack.length === 0,
      missing: lack.flatMap(({ missing }) => missing),
      because: reasons.map(({ zh, en }) => ({ zh, en })),
    };
  });
}
