/** One XML element: its attributes, what stands between its tags, and that as text. */
export interface XmlElement {
  attributes: Record<string, string>;
  inner: string;
  text: string;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The elements of one name, in order. For the flat metadata GDAL writes, in which no element holds another of its own
 * name; not a parser for XML at large.
 */
export function elements(xml: string, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  const opening = new RegExp(`<${name}(?=[\\s>/])([^<>]*)>`, 'g');
  for (let match = opening.exec(xml); match !== null; match = opening.exec(xml)) {
    if (match[1].endsWith('/')) continue;
    const end = xml.indexOf(`</${name}>`, opening.lastIndex);
    if (end < 0) break;
    const inner = xml.slice(opening.lastIndex, end);
    found.push({ attributes: attributesOf(match[1]), inner, text: unescaped(inner) });
    opening.lastIndex = end;
  }
  return found;
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(text.matchAll(/([\w:]+)="([^"]*)"/g), ([, name, value]) => [name, unescaped(value)]),
  );
}

export function unescaped(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);|&#(\d{1,6});/g, (_, name, code) =>
    name ? ENTITIES[name] : String.fromCodePoint(Number(code)),
  );
}
