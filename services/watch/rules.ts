/** How closed patches are watched, as data; the edition is kept with every verdict. */
export const watchRules = {
  edition: 'watch-1',
  /** A look that shows less of the patch than this is no clear look. */
  leastObserved: 0.8,
  /** Months with a clear look that must show the ground restored before that is confirmed. */
  looksToConfirm: 2,
  /** Months with a clear look for which a patch is watched on after that. */
  looksAfterConfirmed: 3,
  /** Restored: this share of what was to be put back is, and at most so much of it is still built. */
  restored: { least: 0.8, mostBuilt: 0.1 },
  /** Not restored: so much of what was to be put back is built, even if all that was not seen were restored. */
  built: { least: 0.6, mostUnclear: 0.3 },
  /** The changed look must lie so far from what fields look like this month, or the season hides it. */
  leastContrast: 1.5,
  /** A claim that leaves less of the patch than this is a claim for all of it: areas are rounded. */
  wholeFrom: 0.95,
};

export type WatchRules = typeof watchRules;
