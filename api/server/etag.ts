import { hash } from 'node:crypto';
import type { Context } from 'hono';
import { hiddenNow } from '../../services/store/hiding.ts';
import { ApiError } from '../error.ts';
import type { ApiEnv } from './context.ts';

/** A patch's version as an entity tag. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/**
 * Gives an answer about many patches its entity tag: another one as soon as anything it tells may be another, and for
 * each question and asker one of its own. True where the asker has that answer already.
 */
export function isKnownSnapshot(c: Context<ApiEnv>, snapshot: string): boolean {
  const asked = JSON.stringify([c.req.url, c.get('access').district, hiddenNow()]);
  const tag = `"${snapshot}.${hash('sha256', asked, 'base64url').slice(0, 12)}"`;
  c.header('ETag', tag);
  return isKnown(c.req.header('if-none-match'), tag);
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
