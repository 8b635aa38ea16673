import { describe, expect, it } from 'vitest';
import { nextEvent } from '../../../services/lifecycle/event.ts';
import { levelOfDistrict, maySatisfy, type Office, requireOffice } from '../../../services/lifecycle/office.ts';
import { TRANSITIONS } from '../../../services/lifecycle/transitions.ts';

const LEVELS = ['town', 'county', 'city', 'province'] as const;
const DUTIES = ['field', 'handler', 'reviewer'] as const;
const ROWS = [...TRANSITIONS.patch, ...TRANSITIONS.case];
const OFFICES: Office[] = LEVELS.flatMap((level) => DUTIES.map((duty) => ({ level, duty, district: '4304' })));

describe('an office', () => {
  it('may take every step that a lower level or a lesser duty may', () => {
    for (const row of ROWS) {
      for (const [l, level] of LEVELS.entries()) {
        for (const [d, duty] of DUTIES.entries()) {
          if (!maySatisfy({ level, duty, district: '' }, row)) continue;
          for (const higher of LEVELS.slice(l)) {
            for (const more of DUTIES.slice(d)) {
              expect(maySatisfy({ level: higher, duty: more, district: '' }, row), row.action).toBe(true);
            }
          }
        }
      }
    }
  });

  it('is exactly the least that a row names, or more', () => {
    for (const row of ROWS.filter(({ who }) => who.role !== 'system')) {
      const may = OFFICES.filter((office) => maySatisfy(office, row)).map(({ level, duty }) => `${level} ${duty}`);
      expect(may[0], row.action).toBe(`${row.who.level} ${row.who.role}`);
    }
  });

  it('takes no step of the product itself', () => {
    for (const row of ROWS.filter(({ who }) => who.role === 'system')) {
      for (const office of OFFICES) {
        expect(() => requireOffice(office, row, '430402')).toThrow('at least a county the product itself');
      }
    }
  });

  it('acts in its own district only, and is told what it lacks elsewhere and above', () => {
    const row = { action: 'approve', who: { level: 'city', role: 'reviewer' } } as const;
    const county: Office = { level: 'county', duty: 'reviewer', district: '430402' };
    expect(() => requireOffice({ ...county, level: 'city' }, row, '430402001')).not.toThrow();
    expect(() => requireOffice({ ...county, level: 'city' }, row, '430405')).toThrow(
      'The step approve needs an office of the district 430405; this one is of 430402.',
    );
    expect(() => requireOffice(county, row, '430402')).toThrow(
      'The step approve needs at least a city reviewer (市级审核人); got a county reviewer (县级审核人).',
    );
  });

  it('has the level of its district unless it is said otherwise', () => {
    expect(['', '43', '4304', '430402', '430402003', '430402003201'].map(levelOfDistrict)).toEqual([
      ...['province', 'province', 'city', 'county', 'town', 'town'],
    ]);
  });
});

it('Nobody who acts in an office goes by the name of the product', () => {
  const office: Office = { level: 'province', duty: 'reviewer', district: '' };
  const step = { subject: 'patch', id: 'p', action: 'warn', actor: 'tuban', office, at: new Date(0) } as const;
  expect(() => nextEvent(step, '430402', null)).toThrow("The steps of 'tuban' are the product's own");
});
