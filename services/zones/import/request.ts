import { ServiceError } from '../../error.ts';

export interface ImportRequest {
  /** A layer file, or a folder of them. */
  path: string;
  /** What the file is called, where `path` is only where it is kept for now. */
  shownAs?: string;
  /** The name of a role (layer-roles.ts), or of a layer of one's own. */
  layer: string;
  /** First day the zones are valid, YYYY-MM-DD. */
  validFrom: string;
  /** District code prefix the file speaks for; '' or unsaid = everywhere. */
  scope?: string;
  /** Last day of which the file is known to be complete, YYYY-MM-DD. */
  completeTo?: string;
  /** What the file does not say of itself, or says wrongly. */
  crs?: string;
  encoding?: string;
  sourceLayer?: string;
  /** New names of fields, by the file's name. */
  fields?: Readonly<Record<string, string>>;
  /** The field that holds the features' ids. */
  idField?: string;
  /** Refuse the file where a feature of it cannot be used. */
  strict?: boolean;
  /** Threads that read; as many as there are processors, unless said. */
  workers?: number;
  now: Date;
  /** Breaks the import off; the same request goes on where it was. */
  signal?: AbortSignal;
  /** Features read, of how many where the file says; bytes read of all bytes otherwise. */
  onProgress?: (done: number, total: number | null, features: number) => void;
}

/** @throws ServiceError bad-input, naming what was wanted and got */
export function checkRequest({
  layer,
  validFrom,
  scope = '',
  completeTo,
}: Pick<ImportRequest, 'layer' | 'validFrom' | 'scope' | 'completeTo'>): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(layer)) {
    const wanted = 'small letters, digits and hyphens, e.g. permanent-basic-farmland';
    throw new ServiceError('bad-input', `The layer name ${JSON.stringify(layer)} is not usable; wanted ${wanted}.`);
  }
  checkDay('first valid day', validFrom);
  if (completeTo !== undefined) checkDay('day it is complete to', completeTo);
  if (scope !== '' && !/^\d{2,12}$/.test(scope)) {
    const got = JSON.stringify(scope);
    throw new ServiceError('bad-input', `The scope ${got} is no district; wanted the first 2 to 12 digits of a code.`);
  }
}

function checkDay(name: string, text: string): void {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) {
    throw new ServiceError('bad-input', `The ${name} ${JSON.stringify(text)} is no date; wanted YYYY-MM-DD.`);
  }
}
