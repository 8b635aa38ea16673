import type { LonLatBox } from '../../../imagery/grid.ts';
import { ServiceError } from '../../error.ts';
import { listLayers } from '../../store/layers.ts';
import type { Store } from '../../store/open.ts';
import { type ValidVersion, versionsOn } from '../../store/zone-versions.ts';
import { readZones, type ZoneRow } from '../../store/zones.ts';
import { fromWkb } from '../geometry/wkb.ts';
import type { FieldValue, LayerField } from '../layer-files/layer-file.ts';
import { roleOf } from '../layer-roles.ts';
import { ColumnSurvey } from './column-survey.ts';
import type { ExportFeature } from './layer-writer.ts';
import { type Exported, type ExportTarget, writeFeatures } from './write-features.ts';

export interface LayerRequest {
  layer: string;
  /** The day on which the zones are valid, YYYY-MM-DD. */
  date: string;
  /** District code prefix. */
  district?: string;
  /** Only what meets this box. */
  box?: LonLatBox;
}

/** Where ids come from that no column holds. */
const IDS_BESIDE = ['feature.id', 'index', 'district code'];
/** Columns in which an import looks for the code of a district. */
const CODE_COLUMNS = ['XZQDM', 'adcode', 'code', 'id', 'ID'];

/**
 * Writes the zones of a layer that are valid on a day, with the columns of the file they came from. Versions never
 * change, so the file is of one state of things however long it takes.
 * @throws ServiceError not-found where the layer has nothing valid on the day; bad-input as writeFeatures
 */
export async function exportLayer(store: Store, request: LayerRequest, target: ExportTarget): Promise<Exported> {
  const valid = await versionsFor(store, request);
  const known = await columnsOf(store, valid, request);
  const idColumn = idColumnOf(valid, known);
  const rows = () => zonesOf(store, valid, request);
  const source = {
    fields: idColumn === null ? known : [idColumn, ...known],
    geometryKind: roleOf(request.layer)?.kind ?? 'either',
    layerName: request.layer,
    features: featuresOf(rows(), idColumn),
    total: valid.reduce((sum, { version }) => sum + version.featureCount, 0),
  };
  return writeFeatures(source, target);
}

async function versionsFor(store: Store, { layer, date }: LayerRequest): Promise<ValidVersion[]> {
  const versions = await listLayers(store.db);
  const valid = versionsOn(versions, date).filter(({ version }) => version.name === layer);
  if (valid.length > 0) return valid;
  const first = versions.find(({ name, state }) => name === layer && state === 'ready');
  if (first) throw new ServiceError('not-found', `The layer ${layer} begins on ${first.validFrom}; got ${date}.`);
  const names = [...new Set(versions.map(({ name }) => name))].join(', ') || 'none';
  throw new ServiceError('not-found', `There is no layer ${layer}; there are: ${names}.`);
}

/** Of several versions that are valid side by side, the columns of all, the newest file's first. */
async function columnsOf(store: Store, valid: readonly ValidVersion[], request: LayerRequest): Promise<LayerField[]> {
  const fields = new Map<string, LayerField>();
  for (const { version } of [...valid].reverse()) {
    for (const field of JSON.parse(version.fieldsJson) as LayerField[]) {
      const other = fields.get(field.name);
      fields.set(field.name, other ? wider(other, field) : field);
    }
  }
  const untold = valid.filter(({ version }) => version.fieldsJson === '[]');
  if (untold.length > 0) {
    const survey = new ColumnSurvey();
    for await (const row of zonesOf(store, untold, request)) survey.add(propertiesOf(row));
    for (const field of survey.fields()) if (!fields.has(field.name)) fields.set(field.name, field);
  }
  return [...fields.values()];
}

/** A column that two files have differently. */
function wider(a: LayerField, b: LayerField): LayerField {
  const most = (x: number | null, y: number | null) => (x === null || y === null ? null : Math.max(x, y));
  const numbers = [a, b].every(({ type }) => type === 'integer' || type === 'number');
  const type = a.type === b.type ? a.type : numbers ? 'number' : 'text';
  return { name: a.name, type, width: most(a.width, b.width), decimals: most(a.decimals, b.decimals) };
}

/** Ids that stand in no column get one, so that the next import finds them. */
function idColumnOf(valid: readonly ValidVersion[], fields: readonly LayerField[]): LayerField | null {
  const has = (names: readonly string[]) => fields.some(({ name }) => names.includes(name));
  const lacking = valid.some(({ version: { idsFrom } }) => {
    if (idsFrom === 'district code') return !has(CODE_COLUMNS);
    return IDS_BESIDE.includes(idsFrom) && !has(['id']);
  });
  return lacking ? { name: 'id', type: 'text', width: null, decimals: null } : null;
}

async function* zonesOf(
  store: Store,
  valid: readonly ValidVersion[],
  { district = '', box }: LayerRequest,
): AsyncGenerator<ZoneRow> {
  for await (const row of readZones(store.db, valid, box)) {
    if (district === '' || row.district?.startsWith(district)) yield row;
  }
}

async function* featuresOf(rows: AsyncIterable<ZoneRow>, idColumn: LayerField | null): AsyncGenerator<ExportFeature> {
  for await (const row of rows) {
    const own = propertiesOf(row);
    const properties = idColumn === null ? own : { ...own, [idColumn.name]: row.externalId };
    yield { id: row.externalId, properties, geometry: fromWkb(row.geometry) };
  }
}

function propertiesOf({ propertiesJson }: ZoneRow): Record<string, FieldValue> {
  return JSON.parse(propertiesJson) as Record<string, FieldValue>;
}
