import type { Insertable } from 'kysely';
import type { PatchFacts } from '../legality/facts.ts';
import { formOpinion } from '../legality/form-opinion.ts';
import { chooseRuleSet, knownRuleSets } from '../legality/known-rule-sets.ts';
import { opinionRow } from '../legality/recorded.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import type { Store } from '../store/open.ts';
import { patchesOfPlaces } from '../store/places.ts';
import type { OpinionTable } from '../store/schema-legality.ts';
import type { PatchThemeTable } from '../store/schema-themes.ts';
import { standardThemes, type ThemeDefinitions } from '../themes/definition.ts';
import type { PlacePatch } from '../themes/themed-patch.ts';
import { themesOf } from '../themes/themes-of.ts';
import { lastDayOf } from './calendar-month.ts';

/** A patch about to be issued. */
export interface Issuing {
  patchId: string;
  placeId: string;
  district: string;
  facts: PatchFacts;
  overlaps: readonly { layer: string; areaM2: number }[];
}

/** What the rules and themes say of a patch, as it is stored. */
export interface Verdict {
  /** Null where no rule set is in effect on the day in the district: nobody judges by rules of another time. */
  opinion: Insertable<OpinionTable> | null;
  themes: Insertable<PatchThemeTable>[];
}

/**
 * Opinion and themes of each patch of a month, by its id: with the rule set in effect on the month's last day in the
 * patch's district.
 * @param layers names of the layers that the workspace has
 * @param earlier how many opinions each of them had before
 */
export async function verdictsOf(
  store: Store,
  month: string,
  patches: readonly Issuing[],
  layers: ReadonlySet<string>,
  now: Date,
  earlier = 0,
  themes: ThemeDefinitions = standardThemes,
): Promise<Map<string, Verdict>> {
  const known = (await knownRuleSets(store)).map(({ ruleSet }) => ruleSet);
  const history = await historyOf(store, month, patches);
  const verdicts = new Map<string, Verdict>();
  for (const { patchId, placeId, district, facts, overlaps } of patches) {
    const rules = chooseRuleSet(known, lastDayOf(month), district);
    const themed = { facts, month, placeHistory: history.get(placeId) ?? [], overlaps: byLayer(overlaps) };
    verdicts.set(patchId, {
      opinion: rules && opinionRow({ patchId, facts, opinion: formOpinion(facts, rules), earlier, at: now }),
      themes: themesOf(themed, themes, layers).map(({ theme, severity, because }) => {
        return { patchId, theme, edition: themes.edition, severity, becauseJson: JSON.stringify(because) };
      }),
    });
  }
  return verdicts;
}

/** Patches of the same places in other months. */
async function historyOf(store: Store, month: string, patches: readonly Issuing[]): Promise<Map<string, PlacePatch[]>> {
  const places = [...new Set(patches.map(({ placeId }) => placeId))];
  const others = (await patchesOfPlaces(store.db, places)).filter((patch) => patch.month !== month);
  const history = new Map<string, PlacePatch[]>();
  for (const { placeId, month, type, state } of others) {
    const outcome = stateOf('patch', state).outcome;
    history.set(placeId, [...(history.get(placeId) ?? []), { month, type: type as PlacePatch['type'], outcome }]);
  }
  return history;
}

function byLayer(overlaps: Issuing['overlaps']): Record<string, number> {
  const areas: Record<string, number> = {};
  for (const { layer, areaM2 } of overlaps) areas[layer] = (areas[layer] ?? 0) + areaM2;
  return areas;
}
