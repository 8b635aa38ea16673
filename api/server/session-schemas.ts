import { z } from '@hono/zod-openapi';

const name = z.string({ error: 'a name' }).min(1, 'a name').max(200, 'a name');
const password = z
  .string({ error: 'a password' })
  .min(1, 'a password')
  .max(1024, 'a password of at most 1024 characters');

export const roleName = z.enum(['viewer', 'field', 'handler', 'reviewer', 'admin'], {
  error: 'one of viewer, field, handler, reviewer, admin',
});
export const levelName = z.enum(['town', 'county', 'city', 'province'], {
  error: 'one of town, county, city, province',
});
export const district = z.string({ error: 'the first digits of a district code, or empty for all' }).max(12);

export const logInBody = z.strictObject({ name, password }).openapi('LogIn');
export const passwordChangeBody = z.strictObject({ password, newPassword: password }).openapi('PasswordChange');
export const firstAdminBody = z
  .strictObject({ token: z.string({ error: 'the token of the link' }).max(200), name, password })
  .openapi('FirstAdmin');

export const userBody = z
  .object({
    name: z.string(),
    displayName: z.string(),
    role: roleName,
    level: levelName.nullable().openapi({ description: 'Of the office it acts in; null: that of its district.' }),
    district: z.string().openapi({ description: 'District code prefix; empty: all.' }),
    createdAt: z.string(),
    disabledAt: z.string().nullable(),
    mustChange: z.boolean().openapi({ description: 'The password must be changed before anything else is done.' }),
    issuer: z.string().nullable().openapi({ description: 'Who else logs the person in; null: a password of ours.' }),
  })
  .openapi('User');
export type User = z.infer<typeof userBody>;

export const newUserBody = z
  .strictObject({
    name,
    displayName: z.string({ error: 'a name' }).max(200).optional(),
    password,
    role: roleName,
    level: levelName.optional(),
    district,
  })
  .openapi('NewUser');

export const userChangeBody = z
  .strictObject({
    role: roleName.optional(),
    level: levelName.nullable().optional(),
    district: district.optional(),
    disabled: z.boolean({ error: 'true or false' }).optional(),
    password: password.optional().openapi({ description: 'A new one for the first log-in; ends all sessions.' }),
  })
  .openapi('UserChange');
export type UserChange = z.infer<typeof userChangeBody>;

export const userParameter = z.object({ name: z.string().min(1, 'a user name').max(200, 'a user name') });
