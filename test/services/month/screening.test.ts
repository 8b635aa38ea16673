import { describe, expect, it } from 'vitest';
import type { ChangeType } from '../../../detectors/change-type.ts';
import { screen, screeningRules } from '../../../services/month/screening.ts';

const all = new Set(['districts', 'farmland', 'permanent-basic-farmland', 'red-line', 'approvals']);

function screened(areaM2: number, taken: Record<string, number>, type: ChangeType = 'built', layers = all, themes = 0) {
  return screen({ type, areaM2, layerM2: new Map(Object.entries(taken)), themes }, layers);
}

describe('screening', () => {
  it.each(screeningRules.protectedLayers)('issues what takes a tenth of itself, or 100 m², of %s', (layer) => {
    expect(screened(500, { [layer]: 50 })).toBe('issued');
    expect(screened(500, { [layer]: 49.9 })).toBe('outside-protected');
    expect(screened(50_000, { [layer]: 100 })).toBe('issued');
    expect(screened(50_000, { [layer]: 99.9 })).toBe('outside-protected');
  });

  it('keeps back what lies in other layers only, or in none', () => {
    expect(screened(800, { approvals: 800, districts: 800 })).toBe('outside-protected');
    expect(screened(800, {})).toBe('outside-protected');
  });

  it('issues what a theme watches outside of them, a pit within a mining licence say', () => {
    expect(screened(800, { 'mining-licences': 800 }, 'bare', all, 1)).toBe('issued');
    expect(screened(800, { 'mining-licences': 800 }, 'vegetation-gain', all, 1)).toBe('farming-type');
  });

  it('does not add small shares of different layers up: they may be the same ground', () => {
    expect(screened(1000, { farmland: 60, 'red-line': 60 })).toBe('outside-protected');
  });

  it('keeps back what ended green, but names the place first where both apply', () => {
    expect(screened(800, { farmland: 800 }, 'vegetation-gain')).toBe('farming-type');
    expect(screened(800, {}, 'vegetation-gain')).toBe('outside-protected');
  });

  it('issues everything but farming where no protected layer was imported', () => {
    const none = new Set(['districts']);
    expect(screened(800, {}, 'built', none)).toBe('issued');
    expect(screened(800, {}, 'unknown', none)).toBe('issued');
    expect(screened(800, {}, 'vegetation-gain', none)).toBe('farming-type');
  });
});
