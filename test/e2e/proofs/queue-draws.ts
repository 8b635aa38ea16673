import fc from 'fast-check';

/** What a random history is made of: each draw says enough by itself, so that a history stays one when others are left out. */
export interface Draw {
  what:
    | 'plant'
    | 'patch'
    | 'case'
    | 'open-case'
    | 'open'
    | 'issue'
    | 'close'
    | 'correct'
    | 'print'
    | 'batch'
    | 'row'
    | 'clue'
    | 'split'
    | 'merge'
    | 'take-back';
  /** Of a step: onward; any of the tables, possible or not; about the clock; an undo; from a version; lacking what it needs. */
  how: 'onward' | 'any' | 'clock' | 'undo' | 'stale' | 'lacking';
  /** Which one, and what of it. */
  pick: number;
  other: number;
  actor: string;
  /** Gone by since the draw before. */
  minutes: number;
  /** Of an extension. */
  days: number;
  /** One in twenty (the smallest come more often): the dear checks are made after it. */
  look: number;
}

export const draws: fc.Arbitrary<Draw[]> = fc.array(
  fc.record({
    what: fc.oneof(
      ...(
        [
          [14, 'patch'],
          [4, 'case'],
          [2, 'open-case'],
          [2, 'plant'],
          [2, 'open'],
          [3, 'issue'],
          [3, 'close'],
          [2, 'correct'],
          [1, 'print'],
          [1, 'batch'],
          [2, 'row'],
          [1, 'clue'],
          [2, 'split'],
          [2, 'merge'],
          [2, 'take-back'],
        ] as const
      ).map(([weight, what]) => ({ weight, arbitrary: fc.constant(what) })),
    ),
    how: fc.constantFrom('onward', 'onward', 'onward', 'onward', 'any', 'clock', 'undo', 'stale', 'lacking'),
    pick: fc.nat(10_000),
    other: fc.nat(10_000),
    actor: fc.constantFrom('li', 'li', 'wang'),
    minutes: fc.oneof(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 6000 }),
    ),
    days: fc.integer({ min: 1, max: 60 }),
    look: fc.nat(19),
  }),
  { minLength: 12, maxLength: 30 },
);
