import { describe, expect, it } from 'vitest';
import { bandList, crsName, dateName, monthName, positiveNumber, workerCount } from '../../../api/cli/options.ts';

/** What each parser takes, with what it gives, and what it refuses, with its words. */
const parsers: [string, (text: string) => unknown, [string, unknown][], [string, string][]][] = [
  [
    'a month',
    monthName,
    [['2024-07', '2024-07']],
    ['2024-7', '2024-13', '2024-00', '24-07', '2024-07-01', ''].map((text) => [
      text,
      `Wanted a month as YYYY-MM, got '${text}'.`,
    ]),
  ],
  [
    'a date',
    dateName,
    [
      ['2024-02-29', '2024-02-29'],
      ['2023-12-31', '2023-12-31'],
    ],
    ['2023-02-29', '2024-06-31', '2024-13-01', '29.02.2024', '20240229', ''].map((text) => [
      text,
      `Wanted a date as YYYY-MM-DD, got '${text}'.`,
    ]),
  ],
  [
    'a number of threads',
    workerCount,
    [
      ['1', 1],
      ['256', 256],
    ],
    ['0', '-1', '1.5', '257', 'two', ''].map((text) => [text, `Wanted a whole number from 1 to 256, got '${text}'.`]),
  ],
  [
    'an area',
    positiveNumber,
    [
      ['400', 400],
      ['0.5', 0.5],
    ],
    ['0', '-1', 'NaN', 'Infinity', '4 ha', ''].map((text) => [text, `Wanted a number above 0, got '${text}'.`]),
  ],
  [
    'a CRS',
    crsName,
    [
      ['EPSG:4526', 'EPSG:4526'],
      ['4490', 'EPSG:4490'],
    ],
    [['EPSG:99', 'CRS "EPSG:99" is not known']],
  ],
  [
    'bands',
    bandList,
    [
      ['B,G,R,N', ['B', 'G', 'R', 'N']],
      ['r, g ,b', ['R', 'G', 'B']],
    ],
    [
      [
        'B,G,Q',
        "Band role 'Q': wanted one of B, G, R, N, S1, S2, P, VV, VH, HH, HV, C, Y, RE1, RE2, RE3, N2, T, A, X.",
      ],
      ['', "Band role '': wanted one of"],
    ],
  ],
];

describe.each(parsers)('%s on the command line', (_, parse, good, bad) => {
  it.each(good)('%j is taken', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it.each(bad)('%j is refused', (text, words) => {
    expect(() => parse(text)).toThrow(words);
  });
});
