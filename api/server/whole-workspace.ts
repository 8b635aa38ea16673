import { type Access, requireRole } from '../../services/access/keys.ts';
import { ServiceError } from '../../services/error.ts';

/**
 * What holds for every district is not for one county to change, nor to read where it tells of the others.
 * @param what e.g. 'Layers'
 * @throws ServiceError forbidden
 */
export function requireWholeWorkspace(access: Access, what: string, role: Access['role'] = 'admin'): void {
  requireRole(access, role);
  if (access.district === '') return;
  const wanted = `${what} are for an ${role === 'admin' ? 'administrator' : role} of the whole workspace`;
  throw new ServiceError('forbidden', `${wanted}; this key is for district ${access.district}.`);
}
