import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Python's own zip and XML readers find in a DOCX. */
export interface DocxText {
  /** By part, e.g. document, header1, footer1: its paragraphs' texts. */
  parts: Record<string, string[]>;
  /** Names of the zip's files. */
  names: string[];
  /** Times of the zip's files, each once. */
  times: string[];
  /** Numbers of drawings, in order. */
  drawings: string[];
  /** What should hold and does not: parts without a type, relations to nothing, XML that is none. */
  faults: string[];
}

const script = `
import json, sys, zipfile
from xml.etree import ElementTree as T
W = '{http://schemas.openxmlformats.org/wordprocessingml/2006/main}'
out = {'parts': {}, 'drawings': [], 'faults': []}
with zipfile.ZipFile(sys.argv[1]) as z:
    if z.testzip(): out['faults'].append('damaged ' + z.testzip())
    out['names'] = z.namelist()
    out['times'] = sorted({str(i.date_time) for i in z.infolist()})
    types = T.fromstring(z.read('[Content_Types].xml'))
    known = {t.get('Extension') for t in types} | {t.get('PartName') for t in types}
    for name in z.namelist():
        if name.rsplit('.', 1)[-1] not in known and '/' + name not in known: out['faults'].append('no type ' + name)
        if not name.endswith(('.xml', '.rels')): continue
        try: root = T.fromstring(z.read(name))
        except Exception as e: out['faults'].append(name + ': ' + str(e)); continue
        if name.endswith('.rels'):
            folder = name.replace('_rels/', '').rsplit('/', 1)[0] + '/' if name.count('/') > 1 else ''
            for r in root:
                target = r.get('Target').lstrip('/')
                if folder + target not in z.namelist() and target not in z.namelist(): out['faults'].append(name + ' ' + target)
        if name.startswith('word/') and name.count('/') == 1:
            part = name[5:-4]
            texts = []
            for p in root.iter(W + 'p'):
                texts.append(''.join('\\n' if e.tag == W + 'br' else (e.text or '') for e in p.iter() if e.tag in (W + 't', W + 'br')))
            out['parts'][part] = texts
            for e in root.iter():
                if e.tag.endswith('}docPr'): out['drawings'].append(e.get('id'))
print(json.dumps(out))
`;

export const pythonMissing = (() => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    console.warn('Python is not installed: DOCX files are not read back.');
    return true;
  }
})();

export function docxText(file: Uint8Array): DocxText {
  const folder = mkdtempSync(join(tmpdir(), 'tuban-docx-'));
  try {
    writeFileSync(join(folder, 'paper.docx'), file);
    return JSON.parse(execFileSync('python3', ['-c', script, join(folder, 'paper.docx')], { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
