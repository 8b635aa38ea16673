/** One bracket of well-known text: KEYWORD["name", 1.5, CHILD[...]]. */
export interface WktNode {
  /** In capitals. */
  keyword: string;
  values: (string | number)[];
  children: WktNode[];
}

const TOKEN = /"((?:[^"]|"")*)"|([A-Za-z_]\w*)|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([[\](),])|\S/g;
/** No CRS is nested deeper. */
const DEEPEST = 32;

/** Reads WKT 1 (OGC, ESRI) or WKT 2 into brackets; null where the text is no WKT. Says nothing of its meaning. */
export function parseWkt(text: string): WktNode | null {
  const tokens = [...text.matchAll(TOKEN)];
  let at = 0;
  const bracketAt = (index: number) => tokens[index]?.[4] === '[' || tokens[index]?.[4] === '(';
  const node = (depth: number): WktNode | null => {
    const parsed: WktNode = { keyword: tokens[at][2].toUpperCase(), values: [], children: [] };
    at += 2;
    while (at < tokens.length) {
      const [, quoted, word, number, mark] = tokens[at];
      if (mark === ']' || mark === ')') {
        at++;
        return parsed;
      }
      if (word !== undefined && bracketAt(at + 1)) {
        const child = depth < DEEPEST ? node(depth + 1) : null;
        if (child === null) return null;
        parsed.children.push(child);
        continue;
      }
      if (quoted !== undefined) parsed.values.push(quoted.replaceAll('""', '"'));
      else if (number !== undefined) parsed.values.push(Number(number));
      else if (word !== undefined) parsed.values.push(word);
      else if (mark !== ',') return null;
      at++;
    }
    return null;
  };
  return tokens[0]?.[2] !== undefined && bracketAt(1) ? node(0) : null;
}

/** The first child of one of the keywords. */
export function childOf(node: WktNode, ...keywords: string[]): WktNode | undefined {
  return node.children.find((child) => keywords.includes(child.keyword));
}

/** The first bracket of one of the keywords at any depth. */
export function descendantOf(node: WktNode, ...keywords: string[]): WktNode | undefined {
  const direct = childOf(node, ...keywords);
  if (direct) return direct;
  for (const child of node.children) {
    const found = descendantOf(child, ...keywords);
    if (found) return found;
  }
  return undefined;
}
