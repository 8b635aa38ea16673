export { inflatedBytes, inflateOne, inflatePair } from './inflate';
export { accumulate16 } from './predictor';
