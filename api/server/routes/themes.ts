import { createRoute, z } from '@hono/zod-openapi';
import { listLayers } from '../../../services/store/layers.ts';
import { standardThemes, themeSchema } from '../../../services/themes/definition.ts';
import { watchedThemes } from '../../../services/themes/watched-themes.ts';
import { speaksForGroundIn } from '../../../services/zones/layer-scope.ts';
import { createRouter, type Services } from '../context.ts';
import { label } from '../opinion-schemas.ts';

const theme = z.object({
  ...themeSchema.shape,
  minAreaM2: z.number().openapi({ description: 'The smallest patch it takes, m².' }),
  watched: z.boolean().openapi({ description: 'Whether the layers it needs are there.' }),
  missing: z
    .array(z.array(z.string()))
    .openapi({ description: 'Of each group one layer is wanted, and none is there.' }),
  because: z.array(label).openapi({ description: 'Why it is not watched, or what is taken for granted where it is.' }),
});

const list = createRoute({
  method: 'get',
  path: '/themes',
  tags: ['Rules'],
  summary: 'The themes that are watched for, and which of them cannot be watched here, and why',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'Definitions',
      content: {
        'application/json': {
          schema: z.object({ edition: z.string(), themes: z.array(theme) }).openapi('Themes'),
        },
      },
    },
  },
});

/** A key of a district is told by the layers that speak for ground in it. */
export function themeRoutes({ store }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const { district } = c.get('access');
    const layers = (await listLayers(store.db)).filter((version) => speaksForGroundIn(version, district));
    return c.json({ edition: standardThemes.edition, themes: watchedThemes(standardThemes, layers) }, 200);
  });
  return routes;
}
