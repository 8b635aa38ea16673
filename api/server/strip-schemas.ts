import { z } from '@hono/zod-openapi';
import { indexNames } from '../../services/evidence/strip/indices.ts';
import { label } from './opinion-schemas.ts';
import { chipFrame, day } from './schemas.ts';

/** Bodies about a patch's place on all its dates. */

const share = z.number().min(0).max(1);
const sight = z.enum(['observed', 'partly', 'cloudy', 'no-image', 'unchecked']).openapi({
  description:
    "How the place was seen: only 'observed' may be compared. 'unchecked': an image is there, and nothing tells whether cloud hides the ground.",
});
const onset = z.object({ lastUnchanged: day, firstChanged: day });
const previous = z.string().nullable().openapi({ description: "'from' of the page before; null at the beginning." });
const next = z.string().nullable().openapi({ description: "'from' of the next page; null at the end." });

const looked = {
  id: z.string().openapi({ description: 'Names its picture: GET /patches/{id}/chips/{id}.png.' }),
  date: day,
  sensor: z.string(),
  radar: z.boolean(),
  sight,
  doubtful: z
    .boolean()
    .openapi({ description: 'A run judged the patch on this day; looked at again by itself it may be cloud.' }),
  said: label.openapi({ description: 'The same in words.' }),
  seenShare: share.openapi({ description: "Of the patch's pixels, seen clearly." }),
  coveredShare: share.openapi({ description: "Of the patch's pixels, covered by the image." }),
};

export const placeStrip = z
  .object({
    onset,
    dates: z.array(
      z.object({
        ...looked,
        roles: z
          .array(z.enum(['before', 'after', 'watch']))
          .openapi({ description: 'What the finding rests on it for; watch: a look after closing.' }),
        scenes: z.array(
          z.object({
            id: z.string(),
            sha256: z.string(),
            cloudFraction: share.nullable().openapi({ description: 'Of the whole image.' }),
          }),
        ),
      }),
    ),
    frame: chipFrame
      .pick({ width: true, height: true, outline: true, corners: true })
      .openapi('PlaceFrame', { description: 'Where the patch lies in every picture of the place.' }),
    unseenMonths: z.array(z.string()).openapi({ description: 'Months in which no image of the place was taken.' }),
    bands: z.array(z.enum(['natural', 'false-color'])).openapi({ description: 'Compositions that its images allow.' }),
    total: z.int(),
    ...{ previous, next },
  })
  .openapi('PlaceStrip');
export type PlaceStrip = z.infer<typeof placeStrip>;

const indexValue = z.object({
  mean: z.number().openapi({ description: 'Over the pixels of the patch.' }),
  around: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .openapi({ description: 'Quantiles 0.1 and 0.9 of the ground round it on that day.' }),
});

export const placeCurve = z
  .object({
    onset,
    indices: z.array(z.enum(indexNames)).openapi({
      description: 'NDVI, NDWI, NDBI of reflectance; vv, vh, hh, hv: backscatter in dB.',
    }),
    points: z.array(
      z.object({
        ...looked,
        values: z.partialRecord(z.enum(indexNames), indexValue).openapi({
          description: 'Empty where the place was not seen clearly: a gap.',
        }),
      }),
    ),
    total: z.int(),
    ...{ previous, next },
  })
  .openapi('PlaceCurve');
export type PlaceCurve = z.infer<typeof placeCurve>;
