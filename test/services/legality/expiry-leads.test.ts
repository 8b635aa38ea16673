import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import { type DocumentZone, expiryLeads } from '../../../services/legality/expiry-leads.ts';
import { document } from '../../support/legal-facts.ts';

const [{ ruleSet: rules }] = BUILT_IN;
const term = { date: '2023-05-01', expiry: '2025-04-30' };

function zone(instrument: object = {}, others: DocumentZone['others'] = [], id = 'z1'): DocumentZone {
  return { id, areaM2: 1234.567, instrument: document('临1', 'temporary-land', { ...term, ...instrument }), others };
}
const on = (day: string, ...zones: DocumentZone[]) =>
  expiryLeads(zones, day, rules).map(({ kind, expiredOn }) => [kind, expiredOn]);

describe('The expiry watch', () => {
  it('finds temporary land on the day after its last', () => {
    expect(on('2025-04-30', zone())).toEqual([]);
    expect(expiryLeads([zone()], '2025-05-01', rules)).toEqual([
      {
        zoneId: 'z1',
        opinion: 'suspected-illegal',
        kind: 'temporary-overdue',
        expiredOn: '2025-04-30',
        areaM2: 1234.57,
        number: '临1号',
        holder: null,
        ruleId: 'expiry.temporary-land',
        ruleSetId: 'cn-2024',
        ruleVersion: '1.0',
      },
    ]);
  });

  it('waits for the days of grace', () => {
    const [temporary, ...rest] = rules.expiry;
    const patient = { ...rules, expiry: [{ ...temporary, graceDays: 30 }, ...rest] };
    expect(expiryLeads([zone()], '2025-05-30', patient)).toEqual([]);
    expect(expiryLeads([zone()], '2025-05-31', patient)).toMatchObject([{ expiredOn: '2025-04-30' }]);
  });

  it('takes a newer document over the same ground for a renewal', () => {
    const renewal = document('临2', 'temporary-land', { date: '2025-04-01', expiry: '2027-03-31' });
    const renewed = (instrument: object, share = 1) => zone({}, [{ instrument: { ...renewal, ...instrument }, share }]);
    expect(on('2025-06-01', renewed({}))).toEqual([]);
    expect(on('2025-06-01', renewed({ kind: 'approval', expiry: null }))).toEqual([]);
    const left = [['temporary-overdue', '2025-04-30']];
    expect(on('2025-06-01', renewed({}, 0.89)), 'over too little of it').toEqual(left);
    expect(on('2025-06-01', renewed({ date: '2025-06-02' })), 'not yet issued').toEqual(left);
    expect(on('2025-06-01', renewed({ date: null })), 'undated').toEqual(left);
    expect(on('2025-06-01', renewed({ kind: 'homestead' })), 'of a kind that renews nothing').toEqual(left);
    expect(on('2027-04-01', renewed({})), 'run out itself').toEqual(left);
  });

  it('is in doubt where no end is on file and the longest term has passed', () => {
    expect(on('2025-04-30', zone({ expiry: null }))).toEqual([]);
    expect(expiryLeads([zone({ expiry: null })], '2025-05-01', rules)).toMatchObject([
      { opinion: 'in-doubt', kind: 'expiry-unclear', expiredOn: '2025-04-30' },
    ]);
    expect(on('2030-01-01', zone({ expiry: null, date: null }))).toEqual([]);
  });

  it('watches mining licences, and leaves what has no end', () => {
    expect(on('2025-05-01', zone({ kind: 'mining-licence' }))).toEqual([['document-expired', '2025-04-30']]);
    expect(on('2025-05-01', zone({ kind: 'mining-licence', expiry: null }), zone({ kind: 'approval' }))).toEqual([]);
  });

  it('lists the longest overdue first, whatever order the zones come in', () => {
    const zones = [zone({}, [], 'b'), zone({ expiry: '2024-12-31' }, [], 'c'), zone({}, [], 'a')];
    const ids = (list: readonly DocumentZone[]) => expiryLeads(list, '2025-06-01', rules).map(({ zoneId }) => zoneId);
    expect(ids(zones)).toEqual(['c', 'a', 'b']);
    expect(ids(zones.toReversed())).toEqual(['c', 'a', 'b']);
  });

  it('reckons two years from a leap day', () => {
    expect(on('2026-02-27', zone({ date: '2024-02-29', expiry: null }))).toEqual([]);
    expect(on('2026-02-28', zone({ date: '2024-02-29', expiry: null }))).toEqual([['expiry-unclear', '2026-02-27']]);
  });
});
