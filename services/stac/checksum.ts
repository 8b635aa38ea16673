import { sceneHash } from '../../imagery/file-hash.ts';
import { isRemotePath } from '../../imagery/remote/location.ts';
import { resolveHref } from './document.ts';
import { type StacItem, shown, stacRefusal } from './item.ts';

/** How a multihash of sha2-256 begins: code 0x12, 0x20 bytes. */
const sha256Prefix = '1220';

/**
 * Makes sure that local files are those an item speaks of, where it tells their `file:checksum` as sha2-256 multihash.
 * Checksums of other kinds, and files far away, of which only the needed parts are fetched, are not looked at.
 * @param files paths and addresses that are to be used
 * @throws ServiceError stac-invalid naming the asset; ImageryError file-missing, not-a-file
 */
export async function checkAssetBytes({ id, assets, base }: StacItem, files: readonly string[]): Promise<void> {
  for (const [key, asset] of Object.entries(assets)) {
    const file = resolveHref(asset.href, base);
    if (isRemotePath(file) || !files.includes(file)) continue;
    const name = `Item ${id}, asset ${key} (${file})`;
    const wanted = sha256Of(asset['file:checksum'], name);
    if (wanted === null) continue;
    const found = await sceneHash(file);
    if (found === wanted) continue;
    const short = (hash: string) => `${hash.slice(0, 16)}…`;
    throw stacRefusal(name, `wanted bytes with sha256 ${short(wanted)} as file:checksum says, got ${short(found)}`);
  }
}

/** 64 hex digits, or null where nothing or another kind of hash is told. */
function sha256Of(checksum: unknown, name: string): string | null {
  if (checksum === undefined) return null;
  const digits = typeof checksum === 'string' ? checksum.toLowerCase() : '';
  // The shortest multihash: a code, a length, and one byte.
  if (!/^([0-9a-f]{2}){3,}$/.test(digits)) {
    throw stacRefusal(name, `wanted a multihash in hex digits as file:checksum, got ${shown(checksum)}`);
  }
  if (!digits.startsWith(sha256Prefix)) return null;
  const hash = digits.slice(sha256Prefix.length);
  if (hash.length === 64) return hash;
  throw stacRefusal(name, `wanted ${sha256Prefix} and 64 hex digits as file:checksum, got ${shown(checksum)}`);
}
