import type { Access } from '../../services/access/keys.ts';
import { ServiceError } from '../../services/error.ts';

/**
 * The district that figures are told of: the one asked for, but never more than the key may see.
 * @throws ServiceError not-found where the two have no ground in common
 */
export function visibleDistrict({ district: own }: Access, asked = ''): string {
  if (asked.startsWith(own)) return asked;
  if (own.startsWith(asked)) return own;
  throw new ServiceError('not-found', `There is no district ${asked}.`);
}
