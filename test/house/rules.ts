import { detectorsKnow, doors, environmentDoors, isBehind, kernelDoors, queryDoors, typeDoors } from './doors.ts';
import { type Import, importsOf, isProgram, layerOf, layers, type SourceFile, withoutComments } from './source.ts';

/** Says what is wrong with a file, a line each. */
type Rule = (file: SourceFile, imports: Import[]) => string[];

export interface Violation {
  rule: string;
  /** 'path: what is wrong'. */
  message: string;
}

const mostLines = 400;
const readsEnvironment =
  /\bprocess(\.env|\[['"]env)\b|\{[^{}]*\benv\b[^{}]*\}\s*(=\s*process\b|from\s*['"]node:process['"])/g;

/** The house rules that one file can break by itself; cycles are looked for over all files. */
export const rules: Record<string, Rule> = {
  /** imagery, detectors, services, api, test: each knows only those before it. */
  direction: (file, imports) =>
    imports
      .filter((one) => one.file !== null && rank(file.path) < rank(one.file))
      .map((one) => `imports ${one.specifier}, which is behind it`),

  /** The server speaks to services; the command line and what composes the program may reach for anything. */
  'server over services': (file, imports) =>
    file.path.startsWith('api/server/')
      ? imports
          .filter((one) => !one.typeOnly && /^(imagery|detectors)\//.test(one.file ?? ''))
          .filter((one) => one.file !== 'imagery/error.ts')
          .map((one) => `imports more than types from ${one.specifier}`)
      : [],

  /**
   * Detectors know pixels by type only, and nothing of files, network, clock, chance and environment; their kernels
   * also know the memory they share with imagery's.
   */
  'pure detectors': (file, imports) => {
    if (layerOf(file.path) !== 'detectors') return [];
    const foreign = imports
      .filter((one) => (one.file === null ? !one.typeOnly : one.file.startsWith('imagery/') && !isDetectorType(one)))
      .filter((one) => !(isBehind(file.path, kernelDoors) && one.file?.startsWith('imagery/kernels/')))
      .map((one) => `imports ${one.specifier}`);
    const impure = withoutComments(file.text).match(
      /\b(async|await|Promise|fetch\(|Date\b|performance\.|Math\.random|process\.|setTimeout|setInterval|console\.)/g,
    );
    return [...foreign, ...(impure ?? []).map((word) => `uses '${word}'`)];
  },

  /** The console runs in a browser: of the rest of the house it knows types only. */
  'console in a browser': (file, imports) =>
    file.path.startsWith('api/console/')
      ? imports
          .filter((one) => !one.typeOnly && one.file !== null && !one.file.startsWith('api/console/'))
          .map((one) => `imports more than types from ${one.specifier}`)
      : [],

  'one door per library': (file, imports) =>
    layerOf(file.path) === null
      ? []
      : imports
          .filter((one) => one.package !== null && !one.package.startsWith('node:') && !mayEnter(file.path, one))
          .map((one) => `imports ${one.specifier}; its door is ${doors[one.package!]?.join(', ') ?? 'not listed'}`),

  'queries in the store': (file) =>
    layerOf(file.path) === null || isBehind(file.path, queryDoors)
      ? []
      : (withoutComments(file.text).match(/\.(selectFrom|insertInto|updateTable|deleteFrom|replaceInto)\(/g) ?? []).map(
          (call) => `queries the database: ${call}`,
        ),

  'environment in one place': (file) =>
    layerOf(file.path) === null || environmentDoors.includes(file.path)
      ? []
      : (withoutComments(file.text).match(readsEnvironment) ?? []).map(
          () => `reads the environment; only ${environmentDoors.join(' and ')} may`,
        ),

  'no barrel': (file) => [
    ...(/(^|\/)index\.\w+$/.test(file.path) && isProgram(file) ? ['is an index'] : []),
    ...(withoutComments(file.text).match(/^export\s+(type\s+)?(\*|\{[^}]*\})(\s+as\s+\w+)?\s*from\b.*/gm) ?? []).map(
      (line) => `hands on what another file has: ${line}`,
    ),
  ],

  /** But for what the launcher needs before it has a cache of compiled code. */
  'imports end in .ts': (_, imports) =>
    imports
      .filter((one) => one.file !== null && !/\.(ts|json|css)$/.test(one.file) && one.file !== 'api/cache-folder.js')
      .map((one) => `imports ${one.specifier}`),

  size: (file) => {
    const lines = file.text.split('\n').length - 1;
    return lines > mostLines ? [`has ${lines} lines; ${mostLines} is the end`] : [];
  },

  'kebab-case': (file) =>
    file.path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(part))
      ? []
      : ['is not named in kebab-case'],

  'no machine paths': (file) =>
    (file.text.match(/(?<![\w.$}-])\/(work|farm|home|root|Users)\b(?=\/|['"`])[^\s'"`]*/g) ?? []).map(
      (path) => `names a place on one machine: ${path}`,
    ),
};

/** Every rule on every file, and cycles. */
export function violations(files: readonly SourceFile[]): Violation[] {
  const imports = new Map(files.map((file) => [file.path, isProgram(file) ? importsOf(file) : []]));
  const byFile = files.flatMap((file) =>
    Object.entries(rules).flatMap(([rule, check]) =>
      check(file, imports.get(file.path)!).map((what) => ({ rule, message: `${file.path}: ${what}` })),
    ),
  );
  return [...byFile, ...cycles(imports).map((message) => ({ rule: 'no cycles', message }))];
}

/** Cycles of imports, of types too: 'a.ts → b.ts → a.ts'. One of each knot. */
function cycles(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(' → '));
    if (at >= 0 || done.has(path)) return;
    for (const one of imports.get(path) ?? []) {
      if (one.file !== null && !one.startsThread) visit(one.file, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}

function rank(path: string): number {
  if (path.startsWith('test/')) return layers.length;
  const layer = layerOf(path);
  // package.json and the like know nobody.
  return layer === null ? -1 : layers.indexOf(layer);
}

function isDetectorType(one: Import): boolean {
  return one.typeOnly && detectorsKnow.includes(one.file!);
}

function mayEnter(path: string, one: Import): boolean {
  const name = one.package!;
  return isBehind(path, doors[name] ?? []) || (one.typeOnly && isBehind(path, typeDoors[name] ?? []));
}
