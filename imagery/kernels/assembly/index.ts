export { accumulate16 } from './predictor';
