import type { MiddlewareHandler } from 'hono';
import { hiddenFrom } from '../../services/access/embargo.ts';
import { hiding } from '../../services/store/hiding.ts';
import type { ApiEnv, Services } from './context.ts';

/** What is under embargo for who asks does not exist in any query of the request: no route need think of it. */
export function underEmbargo({ store, now }: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const regions = await hiddenFrom(store, c.get('access'), now());
    await (regions.length === 0 ? next() : hiding(regions, next));
  };
}
