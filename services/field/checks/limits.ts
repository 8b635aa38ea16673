/** What a photo is held against, as data. Offices differ: these are the ones that hold unless somebody changes them. */
export const checkLimits = {
  edition: 'field-checks-1',
  /** From the outline, metres. */
  mostDistanceM: 200,
  /** What a phone's position is off by where it does not say, metres. */
  assumedAccuracyM: 20,
  /** What a phone's compass may be off by, degrees. */
  compassDegrees: 20,
  /** More where north is magnetic or not said: declination in China is −11° to +4°. */
  declinationDegrees: 11,
  /** How far a photo shows the ground well enough, metres. */
  rangeM: 300,
  /** Of the patch, that one photo should show. */
  leastShareSeen: 0.1,
  /** Of the patch, that all photos of it should show together. */
  leastShareTogether: 0.5,
  /** The file and the sensor reading beside it: metres apart beyond their accuracies, and minutes. */
  agreeM: 50,
  agreeMinutes: 5,
  /** A clock may be ahead by so many minutes when the photo comes in. */
  clockAheadMinutes: 10,
  /** Photos of one patch taken within so many minutes of each other are a series, not copies. */
  seriesMinutes: 10,
} as const;
