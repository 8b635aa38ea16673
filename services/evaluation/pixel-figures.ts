import { type Confusion, f1, kappa, overallAccuracy, precision, recall } from '../../detectors/accuracy.ts';

/** NaN where a figure cannot be: no pixel of a class, nothing found. */
export interface PixelFigures extends Confusion {
  overallAccuracy: number;
  kappa: number;
  f1: number;
  precision: number;
  recall: number;
}

/** Agreement of what was found with what is true. */
export interface Agreement {
  /** Of all pixels that count: what was not observed was not found. */
  all: PixelFigures;
  /** Of those that were observed. */
  observed: PixelFigures;
}

/** Counts agreement pixel by pixel. */
export class AgreementCount {
  private readonly observed = emptyConfusion();
  private readonly unobserved = emptyConfusion();

  add(isFound: boolean, isTrue: boolean, isObserved: boolean): void {
    const counts = isObserved ? this.observed : this.unobserved;
    if (isFound && isTrue) counts.truePositive++;
    else if (isFound) counts.falsePositive++;
    else if (isTrue) counts.falseNegative++;
    else counts.trueNegative++;
  }

  figures(): Agreement {
    const { observed, unobserved } = this;
    const all = {
      truePositive: observed.truePositive + unobserved.truePositive,
      falsePositive: observed.falsePositive + unobserved.falsePositive,
      falseNegative: observed.falseNegative + unobserved.falseNegative,
      trueNegative: observed.trueNegative + unobserved.trueNegative,
    };
    return { all: pixelFigures(all), observed: pixelFigures(observed) };
  }
}

function emptyConfusion(): Confusion {
  return { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
}

function pixelFigures(counts: Confusion): PixelFigures {
  return {
    ...counts,
    overallAccuracy: overallAccuracy(counts),
    kappa: kappa(counts),
    f1: f1(counts),
    precision: precision(counts),
    recall: recall(counts),
  };
}
