import { z } from '@hono/zod-openapi';
import { label } from './opinion-schemas.ts';
import { day, time } from './schemas.ts';

const held = z.object({ person: z.string(), phone: z.string().nullable(), by: z.string() }).nullable();
const grid = z.object({ code: z.string(), name: z.string(), level: z.string(), share: z.number() });

export const dossier = z
  .object({
    responsible: z
      .object({
        day,
        grid: grid.nullable(),
        grids: z.array(grid),
        fieldChief: held,
        patroller: held,
        handler: held,
      })
      .openapi({ description: 'Who answers for the ground today.' }),
    patrol: z
      .object({ answer: z.string(), label, because: label })
      .openapi({ description: 'Was a patrol there before the image?' }),
    photos: z.array(
      z.object({
        id: z.string(),
        takenBy: z.string().nullable(),
        addedAt: time,
        format: z.enum(['jpeg', 'heic']),
        position: z.object({ lon: z.number(), lat: z.number() }).nullable(),
        azimuth: z.number().nullable(),
        viewDegrees: z.number().nullable().openapi({ description: 'Angle of view across the picture.' }),
        tests: z.array(z.object({ check: z.string(), label, outcome: z.string(), said: label })),
      }),
    ),
    earlierPhotos: z.array(
      z.object({ id: z.string(), number: z.string(), takenBy: z.string().nullable(), addedAt: time }),
    ),
    papers: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        label,
        fromName: z.string(),
        fileName: z.string(),
        note: z.string().nullable(),
        addedAt: time,
        addedBy: z.string(),
        sha256: z.string(),
      }),
    ),
    watch: z.array(
      z.object({
        month: z.string(),
        verdict: z.string(),
        label,
        because: label,
        firstDate: day.nullable(),
        lastDate: day.nullable(),
        observedShare: z.number(),
        restoredShare: z.number().nullable(),
        step: z.string().nullable(),
      }),
    ),
    seenAgain: z.array(
      z.object({
        month: z.string(),
        relation: z.string(),
        effect: z.string(),
        sharedM2: z.number(),
        beyondM2: z.number(),
        afterDate: day,
        alsoAt: z.array(z.object({ id: z.string(), number: z.string() })),
      }),
    ),
    family: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        state: z.string(),
        areaM2: z.number(),
        parents: z.array(z.string()),
        children: z.array(z.string()),
      }),
    ),
  })
  .openapi('Dossier');
export type DossierBody = z.infer<typeof dossier>;
