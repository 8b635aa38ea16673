import { z } from 'zod';
import { ServiceError } from '../../error.ts';
import { ROLES, type Role } from '../keys.ts';
import type { Duty } from '../users.ts';

/** What a provider says of a person, by name. */
export type Claims = Readonly<Record<string, unknown>>;

const role = z.enum([...ROLES] as [Role, ...Role[]]);
const level = z.enum(['town', 'county', 'city', 'province']);
const district = z.string().regex(/^(\*|\d{1,12})$/);

const rules = z
  .array(z.strictObject({ claim: z.string().min(1), is: z.string().min(1), role, district, level: level.optional() }))
  .min(1);
const names = z.strictObject({
  role: z.string().min(1),
  district: z.string().min(1),
  level: z.string().min(1).optional(),
});
const mapping = z.union([rules, names]);

/**
 * Who gets in, as what: rules, of which the first that fits a person holds, or the names of the claims in which the
 * provider says role, district ('*': all) and level.
 */
export type Mapping = z.infer<typeof mapping>;

export const MAPPING_WANTED =
  'JSON: [{"claim":"groups","is":"tuban-430421","role":"handler","district":"430421"}, …] or ' +
  '{"role":"CLAIM","district":"CLAIM","level":"CLAIM"}';

/** @throws ServiceError bad-input naming what is wanted */
export function readMapping(text: string): Mapping {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const read = mapping.safeParse(json);
  if (read.success) return read.data;
  throw new ServiceError('bad-input', `A mapping of claims must be ${MAPPING_WANTED}; got '${text.slice(0, 80)}'.`);
}

/** What a person may do by what the provider says; null: nothing, also where half of it is missing. */
export function dutyOf(claims: Claims, mapped: Mapping): Duty | null {
  if (Array.isArray(mapped)) {
    const rule = mapped.find(({ claim, is }) => [claimOf(claims, claim)].flat().includes(is));
    return rule === undefined ? null : { role: rule.role, district: plain(rule.district), level: rule.level };
  }
  const said = z.object({ role, district, level: level.optional() }).safeParse({
    role: claimOf(claims, mapped.role),
    district: claimOf(claims, mapped.district),
    level: mapped.level === undefined ? undefined : claimOf(claims, mapped.level),
  });
  return said.success ? { ...said.data, level: said.data.level, district: plain(said.data.district) } : null;
}

/** All districts have to be said: an empty claim is a mistake sooner than a province. */
function plain(said: string): string {
  return said === '*' ? '' : said;
}

/** A claim by its name, or by its path: realm_access.roles. */
function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Claims)[key]
      : undefined;
  }, claims);
}
