import { z } from '@hono/zod-openapi';
import { ruleSetSchema } from '../../services/legality/rule-set.ts';
import { label, opinion } from './opinion-schemas.ts';

/** Bodies about rule sets and the opinions they formed. */

export const ruleSetSummary = z
  .object({
    name: z.string().openapi({ description: 'Id and version, as opinions cite it.', example: 'cn-2024@1.0' }),
    id: z.string(),
    version: z.string(),
    title: label,
    province: z.string().openapi({ description: "First two digits of the codes it holds for; '' = all." }),
    effectiveFrom: z.string().openapi({ format: 'date' }),
    effectiveTo: z.string().nullable().openapi({ description: 'Last day, or null.' }),
    checks: z.array(z.object({ id: z.string(), title: label })).openapi({ description: 'In the order of the law.' }),
    sha256: z.string().openapi({ description: 'Of the text it was added with.' }),
    addedAt: z.string().nullable().openapi({ description: 'Null: every workspace knows it.' }),
  })
  .openapi('RuleSetSummary');

export const ruleSets = z.object({ ruleSets: z.array(ruleSetSummary) }).openapi('RuleSets');
export type RuleSets = z.infer<typeof ruleSets>;

export const ruleSetDetail = ruleSetSummary.extend({ ruleSet: ruleSetSchema }).openapi('RuleSetDetail');
export type RuleSetDetail = z.infer<typeof ruleSetDetail>;

export const opinions = z
  .object({ patch: z.string(), number: z.string(), opinions: z.array(opinion) })
  .openapi('Opinions');
