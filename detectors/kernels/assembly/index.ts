export { copyRows, gatherFloat32, gatherMask, gatherUint16, noneIsZero } from './gather';
export { bandFeatures, maskWeights } from './features';
export { cvaScore, linearScore } from './score';
export { screenFloat32, screenUint16 } from './screen';
export { changedBits } from './changed';
