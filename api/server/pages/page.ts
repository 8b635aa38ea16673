import { html, raw } from 'hono/html';
import { labelOf } from './labels.ts';

export interface PageOptions {
  /** As it was asked for. */
  path: string;
  search: string;
  simulated: boolean;
}

interface PageLink {
  rel: string;
  href: string;
  type?: string;
  title?: string;
}

type Json = Record<string, unknown>;
type Markup = ReturnType<typeof html>;

/** An answer of OGC API - Features as a page: Chinese first, links that can be followed, no script. */
export function pageOf(answer: Json, { path, search, simulated }: PageOptions): string {
  const title = titleOf(answer, path);
  const links = (answer['links'] ?? []) as PageLink[];
  const page = html`<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · 图斑 Tuban</title>
<link rel="icon" href="/console/shell/icon.svg">
<link rel="stylesheet" href="/console/docs/features.css">
</head>
<body>
<header><a href="/console/">图斑 Tuban</a>${simulated ? html`<strong>模拟数据 SIMULATED</strong>` : ''}
<nav>${trail(path)}<a href="/docs">接口 API</a><a href="${path}${jsonSearch(search)}">JSON</a></nav></header>
<main>
<h1>${title}</h1>
${answer['description'] ? html`<p>${answer['description']}</p>` : ''}
${bodyOf(answer, path)}
${linkList(links)}
</main>
</body>
</html>`;
  return String(page);
}

function titleOf(answer: Json, path: string): string {
  if (typeof answer['title'] === 'string' && answer['title'] !== 'Queryables') return answer['title'];
  const last = decodeURIComponent(path.split('/').filter(Boolean).at(-1) ?? '');
  if (answer['type'] === 'FeatureCollection') return `要素 Features · ${decodeURIComponent(path.split('/')[2])}`;
  const known: Record<string, string> = {
    collections: '数据集 Collections',
    conformance: '符合的标准 Conformance',
    queryables: '可筛选的属性 Queryables',
  };
  return known[last] ?? last;
}

/** The addresses above this one. */
function trail(path: string): Markup[] {
  const parts = path.split('/').filter(Boolean).slice(0, -1);
  return parts.map((part, i) => {
    const href = `/${parts.slice(0, i + 1).join('/')}`;
    return html`<a href="${href}?f=html">${decodeURIComponent(part)}</a>`;
  });
}

function jsonSearch(search: string): string {
  const query = new URLSearchParams(search);
  query.set('f', 'json');
  return `?${query}`;
}

function bodyOf(answer: Json, path: string): Markup {
  if (answer['type'] === 'FeatureCollection') return featureTable(answer, path);
  if (answer['type'] === 'Feature') return feature(answer);
  if (Array.isArray(answer['collections'])) return collectionList(answer['collections'] as Json[]);
  if (Array.isArray(answer['conformsTo'])) return list(answer['conformsTo'] as string[]);
  if (typeof answer['properties'] === 'object') return queryables(answer['properties'] as Record<string, Json>);
  if (Array.isArray(answer['crs'])) return html`<h2>坐标系 Coordinate systems</h2>${list(answer['crs'] as string[])}`;
  return html``;
}

function list(texts: readonly string[]): Markup {
  return html`<ul>${texts.map((text) => html`<li><code>${text}</code></li>`)}</ul>`;
}

function collectionList(collections: readonly Json[]): Markup {
  const rows = collections.map((one) => {
    const href = `/collections/${encodeURIComponent(String(one['id']))}`;
    return html`<tr><td><a href="${href}?f=html">${one['title']}</a></td><td>${one['description']}</td>
<td><a href="${href}/items?f=html">要素 Features</a></td></tr>`;
  });
  return html`<table><tbody>${rows}</tbody></table>`;
}

function featureTable(answer: Json, path: string): Markup {
  const features = answer['features'] as { id: string; properties: Json }[];
  const names = Object.keys(features[0]?.properties ?? {});
  const rows = features.map(
    ({ id, properties }) => html`<tr><td><a href="${path}/${encodeURIComponent(id)}?f=html">${id}</a></td>
${names.map((name) => html`<td>${shown(properties[name])}</td>`)}</tr>`,
  );
  return html`<p>共 ${answer['numberMatched']} 个，本页 ${answer['numberReturned']} 个 ·
${answer['numberReturned']} of ${answer['numberMatched']}</p>
<div class="wide"><table><thead><tr><th>id</th>${names.map((name) => html`<th>${labelOf(name)}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function feature({ properties, geometry }: Json): Markup {
  const rows = Object.entries(properties as Json).map(
    ([name, value]) => html`<tr><th>${labelOf(name)}</th><td>${shown(value)}</td></tr>`,
  );
  const place = geometry === null ? '无 None' : JSON.stringify(geometry);
  return html`<table><tbody>${rows}</tbody></table>
<h2>图形 Geometry</h2><pre>${place.length > 4000 ? `${place.slice(0, 4000)} …` : place}</pre>`;
}

function queryables(properties: Record<string, Json>): Markup {
  const rows = Object.entries(properties).map(
    ([name, { title, type, format }]) =>
      html`<tr><td><code>${name}</code></td><td>${title ?? labelOf(name)}</td><td>${format ?? type}</td></tr>`,
  );
  return html`<table><tbody>${rows}</tbody></table>`;
}

const relations: Readonly<Record<string, string>> = {
  next: '下一页 Next page',
  collection: '数据集 Collection',
  items: '要素 Features',
  related: '全部信息 All that is known',
  queryables: '可筛选的属性 Queryables',
};

function linkList(links: readonly PageLink[]): Markup {
  const shownLinks = links.flatMap(({ rel, href, type }) => {
    const name = relations[rel.split('/').at(-1) ?? rel];
    if (name === undefined) return [];
    return [
      html`<li><a href="${rel === 'related' ? href : asPage(href)}" rel="${rel}" type="${type ?? ''}">${name}</a></li>`,
    ];
  });
  return shownLinks.length === 0 ? html`${raw('')}` : html`<ul class="links">${shownLinks}</ul>`;
}

function asPage(href: string): string {
  const url = new URL(href);
  url.searchParams.set('f', 'html');
  return url.href;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  return Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
