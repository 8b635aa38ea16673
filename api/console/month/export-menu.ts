import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { Popover } from '../shell/popover.ts';
import { getBlob } from '../shell/server.ts';
import { type MonthWord, say } from './words.ts';

const formats: [query: string, ending: string, name: MonthWord][] = [
  ['f=csv&bom=true', 'csv', 'sheet'],
  ['f=gpkg', 'gpkg', 'geoPackage'],
  ['f=shp&encoding=gbk', 'zip', 'shapefile'],
  ['f=geojson', 'geojson', 'geoJson'],
];

interface ExportMenuProps {
  /** The filter of the list: the file holds what the list shows. */
  query: string;
  total: number;
  name: string;
  onFailed: (error: Error) => void;
}

/** Files of the patches that are listed. */
export function ExportMenu({ query, total, name, onFailed }: ExportMenuProps) {
  const [busy, setBusy] = useState(false);
  const take = async (format: string, ending: string) => {
    setBusy(true);
    try {
      save(await getBlob(`patches/export?${query === '' ? '' : `${query}&`}${format}&fields=all`), `${name}.${ending}`);
    } catch (error) {
      onFailed(error as Error);
    } finally {
      setBusy(false);
    }
  };
  return html`
    <${Popover} class="export" label=${busy ? say('exporting') : say('exportAs')}>
      <p class="faint">${say('exportHint', total)}</p>
      ${formats.map(([format, ending, title]) => html`<button disabled=${busy} onClick=${() => void take(format, ending)}>${say(title)}</button>`)}
    <//>
  `;
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
