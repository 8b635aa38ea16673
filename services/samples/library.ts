import type { Evidence } from '../month/evidence.ts';
import { eventsBySubject } from '../store/cycle-rows.ts';
import type { Store } from '../store/open.ts';
import { patchesWithDetections } from '../store/sample-rows.ts';
import { type Label, labelOf } from './label.ts';
import { type Part, splitByDate, splitByScene } from './split.ts';

/** A patch that people concluded on, with what the detector had seen of it. */
export interface Sample extends Label {
  id: string;
  /** JCBH. */
  number: string;
  month: string;
  district: string;
  /** What the detector took it for, and how surely, 0–1. */
  type: string;
  typeConfidence: number;
  /** On the ellipsoid. */
  areaM2: number;
  /** Mean change score over the threshold. */
  score: number;
  beforeDate: string;
  afterDate: string;
  /** 0–1. */
  observedFraction: number;
  detectorVersion: string;
  /** Ids of the scenes it was judged on, before and after. */
  scenes: string[];
  features: Record<string, number>;
  bands: string[];
  meanBefore: number[];
  meanAfter: number[];
  splits: { scene: Part; date: Part };
}

export interface Library {
  samples: Sample[];
  /** Concluded, but not from pixels: found by a clue, a batch, or cut out of another. */
  withoutPixels: string[];
}

/** Every patch that people have concluded on, in order of number. `seed`: of the split by scene. */
export async function sampleLibrary(store: Store, { district = '', seed = '1' } = {}): Promise<Library> {
  const rows = await patchesWithDetections(store.db, district);
  const logs = await eventsBySubject(
    store.db,
    'patch',
    rows.map(({ id }) => id),
  );
  const labelled = rows.flatMap((row) => {
    const label = labelOf(logs.get(row.id) ?? []);
    return label === null ? [] : [{ row, label, evidence: JSON.parse(row.evidenceJson) as Partial<Evidence> }];
  });
  const seen = labelled.filter(({ evidence }) => (evidence.pairs?.length ?? 0) > 0 && evidence.runs !== undefined);
  const samples = seen.map(({ row, label, evidence }) => sampleOf(row, label, evidence as Evidence));
  const [byScene, byDate] = [splitByScene(samples, seed), splitByDate(samples)];
  return {
    samples: samples.map((sample) => ({
      ...sample,
      splits: { scene: byScene.get(sample.id)!, date: byDate.get(sample.id)! },
    })),
    withoutPixels: labelled.filter((one) => !seen.includes(one)).map(({ row }) => row.number),
  };
}

type Row = Awaited<ReturnType<typeof patchesWithDetections>>[number];

function sampleOf(row: Row, label: Label, evidence: Evidence): Omit<Sample, 'splits'> {
  const { evidenceJson: _, geometryJson: _geometry, placeId: _place, detectionId: _detection, ...patch } = row;
  const { detectorVersion, features, bands, meanBefore, meanAfter, pairs } = evidence;
  const scenes = [...new Set(pairs.flatMap(({ before, after }) => [before.id, after.id]))].sort();
  return { ...patch, ...label, detectorVersion, scenes, features, bands, meanBefore, meanAfter };
}
