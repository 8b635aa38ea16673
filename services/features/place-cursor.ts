import { ServiceError } from '../error.ts';

/** The number that a cursor is. @throws ServiceError bad-input */
export function numberOfCursor(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new ServiceError('bad-input', `A cursor is the 'next' of an earlier page; got '${cursor}'.`);
}
