import type { z } from '@hono/zod-openapi';
import { ServiceError } from '../../services/error.ts';
import type { Move, Moved } from '../../services/lifecycle/transition.ts';
import { ApiError } from '../error.ts';
import { requiredVersion } from './etag.ts';
import type { transitionBody } from './schemas.ts';

type Given = Pick<Move, 'action' | 'reason' | 'payload' | 'expectedVersion'>;

/**
 * Takes the step that a request asks for, with the version that was looked at.
 * @throws ApiError precondition-failed where If-Match named another version; what `take` throws otherwise
 */
export async function stepOf(
  { action, reason, note, payload, expectedVersion }: z.infer<typeof transitionBody>,
  ifMatch: string | undefined,
  take: (given: Given) => Promise<Moved>,
): Promise<Moved> {
  const version = requiredVersion(ifMatch);
  const handedIn = note === undefined ? payload : { ...payload, note };
  return take({ action, reason, payload: handedIn, expectedVersion: version ?? expectedVersion }).catch(
    (error: unknown) => {
      const conflict = error instanceof ServiceError && error.code === 'version-conflict';
      throw version !== undefined && conflict ? new ApiError('precondition-failed', error.message, [], error) : error;
    },
  );
}
