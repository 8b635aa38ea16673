import { describe, expect, it } from 'vitest';
import type { Restoration } from '../../../detectors/restoration.ts';
import type { Claim } from '../../../services/watch/claim.ts';
import { isWatchedOut, stepAfter, verdictOf } from '../../../services/watch/decide.ts';

const claim = (given: Partial<Claim> = {}): Claim => ({
  ...{ eventId: 'e', since: '2024-07-02', demolishedM2: 1000, regularisedM2: 0, confiscatedM2: 0 },
  ...{ kind: 'restore', dueShare: 1, ...given },
});
const seen = (given: Partial<Restoration> = {}): Restoration => ({
  ...{ observed: 1, restored: 0, built: 0, cleared: 0, unclear: 0, fields: 900, contrast: 4, ...given },
});
const said = (look: Partial<Restoration>, about: Partial<Claim> = {}, before = false) => {
  const { verdict, reason } = verdictOf(seen(look), claim(about), before);
  return `${verdict}: ${reason}`;
};

describe('a look at a closed patch', () => {
  it('is clear only where four fifths of it are seen', () => {
    expect(said({ observed: 0 })).toBe('no-clear-look: no-image');
    expect(said({ observed: 0.79, restored: 1 })).toBe('no-clear-look: partly-seen');
    expect(said({ observed: 0.8, restored: 1 })).toBe('restored: fields');
  });

  it('opens nothing again on the strength of what was not seen', () => {
    // Seven tenths of four fifths are less than six tenths.
    expect(said({ observed: 0.8, built: 0.7, restored: 0.3 })).toBe('not-sure: partly');
    expect(said({ observed: 0.8, built: 0.8, restored: 0.2 })).toBe('still-built: as-changed');
  });

  it('is a relapse only where it had been restored', () => {
    expect(said({ built: 0.9 }, {}, false)).toBe('still-built: as-changed');
    expect(said({ built: 0.9 }, {}, true)).toBe('rebuilt: as-changed');
  });

  it('says neither restored nor built where fields look as the building site did', () => {
    expect(said({ built: 0.9, contrast: 1.4 })).toBe('not-sure: season-hides-it');
    expect(said({ restored: 0.9, contrast: 1.4 })).toBe('not-sure: season-hides-it');
    // With no fields around, what it was before can restore it, but nothing tells a roof from the season.
    expect(said({ restored: 0.9, contrast: null })).toBe('restored: fields');
    expect(said({ built: 0.9, contrast: null })).toBe('not-sure: season-hides-it');
  });

  it('of ground that was cleared and not tilled is for a person', () => {
    expect(said({ cleared: 0.9, built: 0.05 })).toBe('not-sure: cleared-no-field');
    expect(said({ unclear: 0.5, restored: 0.5 })).toBe('not-sure: unclear');
  });

  it('asks for no more than was claimed', () => {
    expect(said({ built: 1 }, { kind: 'stays', dueShare: 0 })).toBe('not-required: stays-built');
    expect(said({ built: 0.6, restored: 0.4 }, { dueShare: 0.4 })).toBe('restored: fields');
    expect(said({ built: 0.9, restored: 0.1 }, { dueShare: 0.4 })).toBe('still-built: as-changed');
    expect(said({ built: 0.9 }, { kind: 'unsaid' })).toBe('not-sure: remedy-unsaid');
  });
});

describe('what follows from a verdict', () => {
  it('a restored look confirms when it is the second one; looks that say nothing do not count', () => {
    expect(stepAfter('resolved', 'restored', [])).toBeNull();
    expect(stepAfter('resolved', 'restored', ['no-clear-look', 'not-sure'])).toBeNull();
    expect(stepAfter('resolved', 'restored', ['restored', 'no-clear-look'])).toEqual({ action: 'confirm-restored' });
    expect(stepAfter('restored', 'restored', ['restored', 'restored'])).toBeNull();
  });

  it('what is still or again built is opened again, confirmed or not', () => {
    expect(stepAfter('resolved', 'still-built', [])).toEqual({ action: 'reopen', reason: 'false-rectification' });
    expect(stepAfter('restored', 'rebuilt', ['restored'])).toEqual({ action: 'reopen', reason: 'relapse' });
    for (const verdict of ['not-sure', 'no-clear-look', 'not-required'] as const) {
      expect(stepAfter('resolved', verdict, ['restored', 'restored'])).toBeNull();
    }
  });

  it('a confirmed patch is watched for three clear looks more', () => {
    expect(isWatchedOut('restored', ['restored', 'no-clear-look', 'restored'])).toBe(false);
    expect(isWatchedOut('restored', ['restored', 'no-clear-look', 'restored', 'restored'])).toBe(true);
    expect(isWatchedOut('resolved', ['restored', 'restored', 'restored'])).toBe(false);
    expect(isWatchedOut('resolved', ['not-required'])).toBe(true);
  });
});
