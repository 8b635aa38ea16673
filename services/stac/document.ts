import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AddressPolicy } from '../../imagery/remote/address-policy.ts';
import { fetchDocument } from '../../imagery/remote/document.ts';
import { isRemotePath, shownAddress } from '../../imagery/remote/location.ts';
import { stacRefusal } from './item.ts';

/** A JSON document and what its links may lead to. */
export interface StacDocument {
  content: unknown;
  /** Path or address it was read from: its relative links start there. */
  base: string;
  /** Who may be asked for what it names; undefined: as everywhere (it lies on this machine). */
  allow: AddressPolicy | undefined;
}

const largestFileBytes = 256 * 2 ** 20;

/**
 * Reads a STAC document from a file or an http://, https:// or s3:// address.
 * @throws ServiceError stac-invalid; ImageryError file-missing, remote-refused, remote-failed
 */
export async function readDocument(place: string, allow?: AddressPolicy): Promise<StacDocument> {
  if (isRemotePath(place)) {
    const document = await fetchDocument(place, allow && { allow });
    // A bucket's address is kept: what its documents name is read with its key.
    const base = /^s3:/i.test(place) ? place : document.address;
    return { content: parseJson(document.text, place), base, allow: document.allow };
  }
  const path = resolve(place);
  const size = await stat(path).then(
    (found) => found.size,
    ({ code }: NodeJS.ErrnoException) => {
      throw stacRefusal(place, `wanted a STAC document, but it cannot be read (${code})`);
    },
  );
  if (size > largestFileBytes) throw stacRefusal(place, `wanted at most ${largestFileBytes} bytes, got ${size}`);
  return { content: parseJson(await readFile(path, 'utf8'), place), base: path, allow: undefined };
}

export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    const start = text.slice(0, 40).replaceAll(/\s+/g, ' ').trim();
    throw stacRefusal(shownAddress(place), `wanted JSON, got text beginning "${start}"`);
  }
}

/**
 * Where an href of a document leads: a path or a remote address. A document of another machine never leads to a file
 * of this one.
 * @throws ServiceError stac-invalid for an address of another kind
 */
export function resolveHref(href: string, base: string): string {
  if (isRemotePath(href)) return href;
  if (isRemotePath(base)) {
    const target = URL.canParse(href, base) ? new URL(href, base).href : '';
    // Joined to s3:// the URL rules do not hold for every key, but for the plain ones that catalogues have they do.
    if (isRemotePath(target)) return /^s3:/i.test(target) ? decodeURI(target) : target;
    throw stacRefusal(shownAddress(base), `names '${href.slice(0, 80)}'; wanted an http, https or s3 address`);
  }
  if (/^file:/i.test(href) && URL.canParse(href)) return fileURLToPath(href);
  if (/^[a-z][a-z0-9+.-]+:/i.test(href))
    throw stacRefusal(base, `names '${href.slice(0, 80)}'; wanted a path or an http, https or s3 address`);
  // As a URL, so that %20 is a blank as the specification has it.
  const url = new URL(href.replaceAll('\\', '/'), pathToFileURL(`${dirname(base)}/`));
  return fileURLToPath(url);
}
