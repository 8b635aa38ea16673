import { ServiceError } from '../error.ts';
import type { Label } from './label.ts';
import type { Authority, Level, Role } from './transition-row.ts';

/** What somebody may do in the lifecycle, and where: role × level × district. */
export interface Office {
  level: Level;
  duty: Exclude<Role, 'system'>;
  /** District code prefix; '' = everywhere. */
  district: string;
}

/** Ascending: a row of the tables names the least that may take the step. */
const LEVELS: readonly Level[] = ['town', 'county', 'city', 'province'];
const DUTIES: readonly Role[] = ['system', 'field', 'handler', 'reviewer'];

const LEVEL_NAMES: Record<Level, Label> = {
  town: { zh: '乡镇', en: 'town' },
  county: { zh: '县级', en: 'county' },
  city: { zh: '市级', en: 'city' },
  province: { zh: '省级', en: 'province' },
};
const DUTY_NAMES: Record<Role, Label> = {
  system: { zh: '系统', en: 'the product itself' },
  field: { zh: '外业人员', en: 'field worker' },
  handler: { zh: '经办人', en: 'handler' },
  reviewer: { zh: '审核人', en: 'reviewer' },
};

/** The level an office of a district has unless it is said otherwise: of its code 9 or 12 digits are a town's, 6 a county's, 4 a city's. */
export function levelOfDistrict(district: string): Level {
  if (district.length > 6) return 'town';
  if (district.length > 4) return 'county';
  return district.length > 2 ? 'city' : 'province';
}

/** Whether the office is at least what the row asks for; where it lies is another question. */
export function maySatisfy({ level, duty }: Office, { who }: { who: Authority }): boolean {
  if (who.role === 'system') return false;
  return LEVELS.indexOf(level) >= LEVELS.indexOf(who.level) && DUTIES.indexOf(duty) >= DUTIES.indexOf(who.role);
}

/** @throws ServiceError forbidden, naming what the step asks for and what the office is */
export function requireOffice(office: Office, row: { action: string; who: Authority }, district: string): void {
  if (!district.startsWith(office.district)) {
    const wanted = `an office of the district ${district}`;
    throw new ServiceError('forbidden', `The step ${row.action} needs ${wanted}; this one is of ${office.district}.`);
  }
  if (maySatisfy(office, row)) return;
  const wanted = nameOf(row.who.level, row.who.role);
  const got = nameOf(office.level, office.duty);
  throw new ServiceError(
    'forbidden',
    `The step ${row.action} needs at least a ${wanted.en} (${wanted.zh}); got a ${got.en} (${got.zh}).`,
    {
      needs: row.who,
      office: { level: office.level, role: office.duty },
    },
  );
}

function nameOf(level: Level, role: Role): Label {
  return {
    zh: `${LEVEL_NAMES[level].zh}${DUTY_NAMES[role].zh}`,
    en: `${LEVEL_NAMES[level].en} ${DUTY_NAMES[role].en}`,
  };
}
