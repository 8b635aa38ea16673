import type { z } from '@hono/zod-openapi';
import { explainOpinion, verdictWords } from '../../services/legality/explain.ts';
import { opinionOf } from '../../services/legality/recorded.ts';
import { nameOf, type RuleSet } from '../../services/legality/rule-set.ts';
import type { OpinionRow } from '../../services/store/opinions.ts';
import type { PatchThemeRow } from '../../services/store/patch-themes.ts';
import { standardThemes } from '../../services/themes/definition.ts';
import { grades } from '../../services/themes/grade.ts';
import type { Because } from '../../services/themes/themed-patch.ts';
import type { opinion as opinionSchema, patchTheme } from './opinion-schemas.ts';

/**
 * An opinion with its verdict, figures and gaps in words.
 * @param known the rule sets of the workspace, by which it is explained
 */
export function opinionBody(row: OpinionRow, number: string, known: readonly RuleSet[]): z.infer<typeof opinionSchema> {
  const opinion = opinionOf(row);
  const { figures } = opinion;
  const ruleSet = nameOf({ id: row.ruleSetId, version: row.ruleVersion });
  const rules = known.find((one) => nameOf(one) === ruleSet);
  const words = (language: 'zh' | 'en') => verdictWords(opinion, language);
  return {
    opinion: opinion.opinion,
    kind: opinion.kind,
    verdict: { zh: words('zh'), en: words('en') },
    ruleId: opinion.ruleId,
    ruleSet,
    at: row.at,
    coveredM2: figures.coveredM2,
    uncoveredM2: figures.uncoveredM2,
    doubtfulM2: figures.doubtfulM2,
    farmlandM2: figures.farmland.areaM2,
    basicFarmlandM2: figures.permanentBasicFarmland.areaM2,
    redLineM2: figures.redLine.areaM2,
    missing: opinion.missing.map(({ text, remedy, decides }) => ({ text, remedy, decides })),
    explanation: rules
      ? { zh: explainOpinion(number, opinion, rules, 'zh'), en: explainOpinion(number, opinion, rules, 'en') }
      : null,
  };
}

export function themeBody({ theme, severity, becauseJson }: PatchThemeRow): z.infer<typeof patchTheme> {
  const definition = standardThemes.themes.find(({ id }) => id === theme);
  const because = (JSON.parse(becauseJson) as Because[]).map(({ code, zh, en }) => ({ code, zh, en }));
  const title = definition?.title ?? { zh: theme, en: theme };
  const severityLabel = severity in grades ? grades[severity as keyof typeof grades] : { zh: severity, en: severity };
  return { theme, title, severity, severityLabel, because };
}
