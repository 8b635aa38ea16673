export { sumCellsFloat32, sumCellsUint16, sumCellsUint8 } from './cell-sums';
export { accumulateFloats } from './floats';
export { inflatedBytes, inflateOne, inflatePair } from './inflate';
export { decodeLzw } from './lzw';
export { maskEqual8, maskEqual16, maskEqual32, maskFloat32, maskFloat64 } from './observed';
export { separate8, separate16, separate32, separate64 } from './planes';
