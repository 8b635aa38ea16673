import { ServiceError } from '../error.ts';

/** What a key may be for, alone: to read, at these addresses and at those that describe the service. */
export const SCOPES = {
  'patches:read': /^\/(patches|months|runs|reports|gauges|themes|dashboard|tiles\/patches|collections\/patches)(\/|$)/,
  'cases:read': /^\/(cases|collections\/cases)(\/|$)/,
  'changes:read': /^\/changes(\/|$)/,
  'maps:read': /^\/(tiles|zones|layers|collections\/(?!(patches|cases)(\/|$))[^/]+)(\/|$)/,
  'scenes:read': /^\/(stac|tiles\/scenes|collections\/(scenes|coverage))(\/|$)/,
  metrics: /^\/metrics$/,
} as const;

export type Scope = keyof typeof SCOPES;
export const SCOPE_NAMES = Object.keys(SCOPES) as Scope[];

/** What describes the service and holds no data of the workspace. */
const described =
  /^(\/(conformance|collections|openapi\.json|openapi-3\.0\.json|api|lifecycle|change-types|workspace))?$/;

/** @throws ServiceError forbidden where the bearer’s key is for something else; null: for all that its role may */
export function requireScope(scopes: readonly Scope[] | null, path: string, isRead: boolean): void {
  if (scopes === null) return;
  const plain = path.replace(/\/+$/, '');
  const reached = scopes.some((scope) => SCOPES[scope].test(plain)) || described.test(plain);
  if (isRead && reached) return;
  const got = isRead ? path : `a change at ${path}`;
  throw new ServiceError('forbidden', `This key is for ${scopes.join(', ')} alone; got ${got}.`, { scopes });
}

/** As it stands in the store. An entry that this version does not know opens nothing. */
export function scopesIn(json: string | null): Scope[] | null {
  return json === null ? null : (JSON.parse(json) as string[]).filter((name): name is Scope => name in SCOPES);
}
