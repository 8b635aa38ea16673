import { z } from '@hono/zod-openapi';

/** Bodies about what the rules and themes make of a patch. */

export const label = z.object({ zh: z.string(), en: z.string() }).openapi('Label');

export const opinion = z
  .object({
    opinion: z.enum(['lawful', 'other', 'rural-road', 'facility-farmland', 'in-doubt', 'suspected-illegal']),
    kind: z.string().nullable(),
    verdict: label,
    ruleId: z.string(),
    ruleSet: z.string().openapi({ description: 'Id and version, as rules are named.', example: 'cn-2024@1.0' }),
    at: z.string(),
    coveredM2: z.number().openapi({ description: 'Surely allowed by a document.' }),
    uncoveredM2: z.number(),
    doubtfulM2: z.number(),
    farmlandM2: z.number(),
    basicFarmlandM2: z.number(),
    redLineM2: z.number(),
    missing: z.array(z.object({ text: label, remedy: label, decides: z.boolean() })),
    explanation: z
      .object({ zh: z.array(z.string()), en: z.array(z.string()) })
      .nullable()
      .openapi({ description: 'Every check in words; null where the rules cited are not known here.' }),
  })
  .openapi('Opinion');

export const patchTheme = z
  .object({
    theme: z.string(),
    title: label,
    severity: z.string(),
    severityLabel: label,
    because: z.array(z.object({ code: z.string(), zh: z.string(), en: z.string() })),
  })
  .openapi('PatchTheme');
