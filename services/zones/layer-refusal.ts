import { ServiceError } from '../error.ts';

/** Which feature of a file a line is about: its place in the array and the id people know it by. */
export interface FeatureLabel {
  index: number;
  id: string;
}

/**
 * Ends the reading of a layer file with one line: the file, the feature, what was wanted and what was got.
 * @throws ServiceError layer-invalid, always
 */
export function refuseLayer(path: string, feature: FeatureLabel | null, problem: string, cause?: unknown): never {
  const where = feature === null ? '' : ` features[${feature.index}] (id ${shortened(feature.id)})`;
  const details =
    feature === null ? { file: path } : { file: path, featureIndex: feature.index, featureId: feature.id };
  throw new ServiceError('layer-invalid', `${path}:${where} ${problem}.`, details, cause);
}

/** A value of somebody's file as it may stand in a message: short and on one line. */
export function shown(value: unknown): string {
  return shortened(value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)));
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
