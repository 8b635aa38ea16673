import { describe, expect, it } from 'vitest';
import { doors } from './doors.ts';
import { rules, violations } from './rules.ts';
import { importsOf, layerOf, repositorySources, type SourceFile } from './source.ts';

const sources = repositorySources();
const found = violations(sources);

describe('the sources keep the house rule', () => {
  for (const rule of [...Object.keys(rules), 'no cycles']) {
    it(rule, () => {
      const broken = found.filter((violation) => violation.rule === rule).map((violation) => violation.message);
      expect(broken).toEqual([]);
    });
  }

  it('one door per library, and every door that is a file is used', () => {
    const programs = sources.filter((file) => layerOf(file.path) !== null);
    const used = new Set(programs.flatMap((file) => importsOf(file).map((one) => `${one.package} in ${file.path}`)));
    const files = Object.entries(doors).flatMap(([name, door]) => door.map((place) => ({ name, place })));
    const unused = files.filter(({ name, place }) => !place.endsWith('/') && !used.has(`${name} in ${place}`));
    expect(unused).toEqual([]);
  });
});

/** Rules that are broken when these files, given as path and text by turns, are the whole house. */
function broken(...pathsAndTexts: string[]): string[] {
  const files: SourceFile[] = [];
  for (let i = 0; i < pathsAndTexts.length; i += 2) files.push({ path: pathsAndTexts[i], text: pathsAndTexts[i + 1] });
  return [...new Set(violations(files).map((violation) => violation.rule))];
}

/** Put together here, as this file keeps the rule too. */
function onMachine(folder: string): string {
  return `/${folder}/data/x.tif`;
}

/** What is planted: the rule, what it is, and the files. */
const planted: [rule: string, what: string, ...pathsAndTexts: string[]][] = [
  ['direction', 'imagery that knows detectors', 'imagery/a.ts', "import { b } from '../detectors/b.ts';"],
  ['direction', 'detectors that know services', 'detectors/a.ts', "import type { B } from '../services/b.ts';"],
  ['direction', 'services that know the api', 'services/run/a.ts', "import { b } from '../../api/cli/b.ts';"],
  ['direction', 'a product that knows its tests', 'api/a.ts', "import { b } from '../test/support/b.ts';"],
  ['direction', 'an import spread over lines', 'imagery/a.ts', "import {\n  b,\n  c,\n} from '../services/b.ts';"],
  ['direction', 'an import for its effect', 'imagery/a.ts', "import '../services/b.ts';"],
  ['direction', 'an import at run time', 'imagery/a.ts', "const b = await import('../services/b.ts');"],
  ['direction', 'the type of an import', 'imagery/a.ts', "let b: typeof import('../services/b.ts');"],
  ['direction', "a thread's program", 'imagery/a.ts', "new Worker(new URL('../services/b.ts', import.meta.url));"],
  ['pure detectors', "more than imagery's types", 'detectors/a.ts', "import { pixelGrid } from '../imagery/grid.ts';"],
  ['pure detectors', 'types of files', 'detectors/a.ts', "import type { T } from '../imagery/tiff/file.ts';"],
  ['pure detectors', 'files', 'detectors/a.ts', "import { readFileSync } from 'node:fs';"],
  ['pure detectors', 'a promise', 'detectors/a.ts', 'export async function find() {}'],
  ['pure detectors', 'the clock', 'detectors/a.ts', 'const now = new Date();'],
  ['pure detectors', 'chance', 'detectors/a.ts', 'const chance = Math.random();'],
  ['server over services', 'pixels', 'api/server/a.ts', "import { openTiff } from '../../imagery/tiff/reader.ts';"],
  ['console in a browser', 'a service', 'api/console/a.ts', "import { b } from '../../services/b.ts';"],
  ['one door per library', 'proj4 elsewhere', 'imagery/ellipsoid.ts', "import proj4 from 'proj4';"],
  ['one door per library', 'an unlisted library', 'services/a.ts', "import leftPad from 'left-pad';"],
  ['one door per library', 'a part of a library', 'services/a.ts', "import { m } from 'kysely/migration';"],
  ['one door per library', 'Kysely itself', 'services/a.ts', "import { type Kysely, sql } from 'kysely';"],
  ['one door per library', "Kysely's types in the api", 'api/a.ts', "import type { Kysely } from 'kysely';"],
  ['queries in the store', 'a query', 'services/a.ts', "db.selectFrom('patches')"],
  ['environment in one place', 'a variable', 'api/a.ts', 'const home = process.env.HOME;'],
  ['environment in one place', 'process taken apart', 'api/a.ts', 'const { argv, env } = process;'],
  ['environment in one place', 'env imported', 'api/a.ts', "import { env } from 'node:process';"],
  ['no barrel', 'an index', 'imagery/index.ts', ''],
  ['no barrel', 'a name handed on', 'imagery/a.ts', "export { b } from './b.ts';"],
  ['no barrel', 'all handed on', 'imagery/a.ts', "export * from './b.ts';"],
  ['imports end in .ts', 'no ending', 'imagery/a.ts', "import { b } from './b';"],
  ['imports end in .ts', '.js', 'imagery/a.ts', "import { b } from './b.js';"],
  ['size', '401 lines', 'imagery/a.ts', 'x;\n'.repeat(401)],
  ['kebab-case', 'camel case', 'imagery/tiffReader.ts', ''],
  ['kebab-case', 'a folder with an underscore', 'services/red_line/a.ts', ''],
  ['no machine paths', "a machine's folder", 'test/a.ts', `open('${onMachine('work')}')`],
  ['no machine paths', 'an address with a folder', 'test/a.ts', `'file://${onMachine('home')}'`],
  [
    'no cycles',
    'three files in a ring',
    ...['imagery/a.ts', "import { b } from './b.ts';"],
    ...['imagery/b.ts', "import type { C } from './c.ts';"],
    ...['imagery/c.ts', "import { a } from './a.ts';"],
  ],
];

describe('a planted violation is found and breaks no other rule', () => {
  it.each(planted)('%s: %s', (rule, _, ...files) => expect(broken(...files)).toEqual([rule]));

  it('for every rule there is one', () => {
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set([...Object.keys(rules), 'no cycles']));
  });
});

describe('what is allowed is not reported', () => {
  it.each<[what: string, ...pathsAndTexts: string[]]>([
    ['services that know imagery and detectors', 'services/a.ts', "import { b } from '../imagery/b.ts';"],
    ['a command that wires everything', 'api/cli/a.ts', "import { b } from '../../imagery/b.ts';"],
    ["detectors that know a raster's type", 'detectors/a.ts', "import type { Raster } from '../imagery/raster.ts';"],
    ['types named one by one', 'detectors/a.ts', "import { type Grid, type Window } from '../imagery/grid.ts';"],
    ["the server that answers for imagery's errors", 'api/server/a.ts', "import { E } from '../../imagery/error.ts';"],
    ['a console that knows the types of answers', 'api/console/a.ts', "import type { P } from '../server/schemas.ts';"],
    ['a transaction handed through', 'services/a.ts', "import type { Transaction } from 'kysely';"],
    ['the environment in its place', 'api/configuration.ts', 'process.env'],
    ['what comments say', 'detectors/a.ts', "/**\n * Not async.\nimport fs from 'node:fs';\n */\n// Math.random\n"],
    ["a site's own addresses", 'api/server/a.ts', "route('/workspace'); route('/farmland/1');"],
    ['400 lines', 'imagery/a.ts', 'x;\n'.repeat(400)],
    [
      'a thread that knows the type of its orders',
      ...['imagery/a.ts', "new URL('./b.ts', import.meta.url)"],
      ...['imagery/b.ts', "import type { A } from './a.ts';"],
    ],
  ])('%s', (_, ...files) => expect(broken(...files)).toEqual([]));
});
