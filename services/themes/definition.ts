import { z } from 'zod';
import { type ChangeType, changeTypes } from '../../detectors/change-type.ts';
import { type MappingTheme, mappingThemes, mappingUnitsM2 } from '../detection/mapping-unit.ts';
import { ServiceError } from '../error.ts';
import type { InstrumentKind } from '../zones/layer-roles.ts';
import farmlandAndBuilding from './definitions/farmland-and-building.json' with { type: 'json' };
import limits from './definitions/limits.json' with { type: 'json' };
import projects from './definitions/projects.json' with { type: 'json' };
import { gradeNames } from './grade.ts';

/**
 * What a theme may name as making its patches lawful: kinds of instrument, which the rule set of the legality check
 * knows, and 'started' for idle land, which no document answers.
 */
const lawfulNames = [
  'approval',
  'land-supply',
  'registration',
  'quota-link',
  'facility-farmland',
  'temporary-land',
  'homestead',
  'mining-licence',
  'balance-plan',
  'red-line-finding',
  'national-project',
  'water-permit',
  'started',
] as const satisfies readonly (InstrumentKind | 'started')[];

const label = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const type = z.enum(Object.keys(changeTypes) as [ChangeType, ...ChangeType[]]);
const grade = z.enum(gradeNames);
/** Layers by role, or a custom layer's name. 'farmland' is farmland by class, whichever land layer says so. */
const layer = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
const mu = z.number().min(0);

const zones = z.strictObject({
  /** The patch counts with what lies in any of these; empty = everywhere. */
  in: z.array(layer),
  /** … and in none of these. Where such a layer is not known, everything counts as outside it, and that is said. */
  outside: z.array(layer),
  /** What lies so near built-up land counts as inside as well, m. */
  nearBuiltUpM: z.number().positive().optional(),
});

/** What makes a patch worse than its area does. */
const ground = z.discriminatedUnion('when', [
  /** It takes at least so much of a layer. */
  z.strictObject({ when: z.literal('takes'), layer, fromMu: mu, grade }),
  /** A part of it lies in a layer and a part outside: work begun inside has crossed the line. */
  z.strictObject({ when: z.literal('crosses'), layer, grade }),
  /** The place had an earlier patch that was true. */
  z.strictObject({ when: z.literal('repeated'), grade }),
]);

export const themeSchema = z.strictObject({
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  title: label,
  /** What the theme waits for. A theme of no change or of greening is decided by place (place-signal.ts). */
  signal: z.enum(['change', 'no-change', 'greening', 'any']),
  /** Patches of these types concern it; for a theme of no change or greening they undo what is due there. */
  types: z.array(type),
  zones,
  /** Layers without which it cannot be watched: one of each group. */
  needs: z.array(z.array(layer).min(1)),
  lawfulIf: z.array(z.enum(lawfulNames)),
  /** Which of the detector's smallest areas holds (services/detection/mapping-unit.ts). */
  mappingUnit: z.enum(mappingThemes as [MappingTheme, ...MappingTheme[]]),
  /** Larger patches belong to other themes, m². */
  maxAreaM2: z.number().positive().optional(),
  /** A patch must lie in the zones with this share of its area or so many m², whichever is less. */
  leastInZone: z.strictObject({ share: z.number().min(0).max(1), areaM2: z.number().min(0) }),
  severity: z.strictObject({
    /** By the area within the zones, smallest first; the first begins at 0. */
    bands: z.array(z.strictObject({ fromMu: mu, grade })).min(1),
    grounds: z.array(ground),
  }),
  /** Months in which changes of these types are crops, not use: 'watch' until seen in another month. */
  season: z.strictObject({ types: z.array(type), months: z.array(z.number().int().min(1).max(12)) }).optional(),
  /** What a reader must know, such as what no image can show. */
  note: label.optional(),
});

const definitions = z.strictObject({ edition: z.string().min(1), themes: z.array(themeSchema).min(1) });

export type ThemeDefinition = z.infer<typeof themeSchema>;
export type SeverityGround = z.infer<typeof ground>;
export interface ThemeDefinitions {
  edition: string;
  themes: ThemeDefinition[];
}

/** Checks theme definitions handed in as data. Throws ServiceError 'bad-input' with the first thing wrong. */
export function parseThemes(input: unknown): ThemeDefinitions {
  const parsed = definitions.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(issue.path.join('.') || 'the document', issue.message);
  }
  const { themes } = parsed.data;
  const twice = themes.find(({ id }, i) => themes.findIndex((other) => other.id === id) < i);
  if (twice) throw refused(`the id '${twice.id}'`, 'stands there twice, once was wanted');
  for (const { id, severity } of themes) {
    const rising = severity.bands.every(({ fromMu }, i, all) => (i === 0 ? fromMu === 0 : fromMu > all[i - 1].fromMu));
    if (!rising) throw refused(`the bands of '${id}'`, 'must begin at 0 亩 and rise');
  }
  return parsed.data;
}

/** The smallest patch of a theme, m². */
export function minAreaOf({ mappingUnit }: Pick<ThemeDefinition, 'mappingUnit'>): number {
  return mappingUnitsM2[mappingUnit];
}

/** The twelve themes that Tuban brings along (DOMAIN §4); figures in them are practice, not statute, and may be replaced. */
export const standardThemes: ThemeDefinitions = parseThemes({
  edition: 'themes-1',
  themes: [...farmlandAndBuilding, ...limits, ...projects],
});

function refused(thing: string, what: string): ServiceError {
  return new ServiceError('bad-input', `Theme definitions: ${thing}: ${what.replace(/\.?$/, '.')}`);
}
