import { ApiError } from '../error.ts';

/** A patch's version as an entity tag. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/** True when an If-None-Match header names the tag (or any: *). */
export function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || tagsIn(header).includes(tag);
}

/**
 * The version an If-Match header asks for; undefined when there is none or it takes any.
 * Weak tags are taken too: a compressed answer carries one, and the version behind it is the same.
 *
 * @throws ApiError bad-request when it is no version's tag.
 */
export function requiredVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^"(\d{1,9})"$/.exec(tagsIn(header)[0])?.[1];
  if (version !== undefined && tagsIn(header).length === 1) return Number(version);
  const wanted = 'the ETag of the patch as it was read, such as "3"';
  const field = { in: 'header', field: 'If-Match', wanted, got: `'${header}'` } as const;
  throw new ApiError('bad-request', `Header 'If-Match' must be ${wanted}; got ${field.got}.`, [field]);
}

function tagsIn(header: string): string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}
