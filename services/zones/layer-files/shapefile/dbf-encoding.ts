import { refuseLayer, shown } from '../../layer-refusal.ts';
import {
  decoderOf,
  type EncodingEvidence,
  encodingNamed,
  encodingOfLanguageId,
  KNOWN_ENCODINGS,
} from '../text-encoding.ts';

export interface EncodingClues {
  /** What the user said. */
  option: string | undefined;
  /** Text of the .cpg, or null. */
  cpg: string | null;
  /** Byte 29 of the .dbf. */
  languageId: number;
  evidence: EncodingEvidence;
}

/**
 * The encoding of a .dbf: as the user says, else as the .cpg says, else as its language byte says where that tells a
 * script, else by its bytes. A statement that the bytes contradict is refused.
 * @throws ServiceError layer-invalid, with the --encoding to give
 */
export function decideEncoding(path: string, clues: EncodingClues): { name: string; because: string } {
  const stated = statedEncoding(path, clues);
  const { evidence } = clues;
  if (stated === null) return byBytes(evidence);
  const better = evidence.against(stated.name);
  if (better !== null) {
    const found = better === 'utf-8' ? 'UTF-8' : 'Chinese in GBK';
    refuseLayer(
      path,
      null,
      `is ${stated.name}, ${stated.because}, but its text is ${found}: give --encoding ${better}`,
    );
  }
  return stated;
}

/** The other of the two encodings in use, where a value is text in it. */
export function otherEncodingOf(bytes: Uint8Array, encoding: string): 'utf-8' | 'gbk' | null {
  const other = encoding === 'utf-8' ? 'gbk' : 'utf-8';
  return decoderOf(other)(bytes, false) === null ? null : other;
}

/** @throws ServiceError layer-invalid, naming record, field and remedy */
export function refuseText(path: string, encoding: string, record: number, field: string, bytes: Uint8Array): never {
  const where = record === 0 ? 'the names of the fields' : `record ${record}, field ${field},`;
  const other = otherEncodingOf(bytes, encoding);
  const remedy = other === null ? 'give the right one with --encoding' : `give --encoding ${other}`;
  return refuseLayer(path, null, `has bytes in ${where} that are not ${encoding} (${hexOf(bytes)}): ${remedy}`);
}

export function hexOf(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 10)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function statedEncoding(
  path: string,
  { option, cpg, languageId }: EncodingClues,
): { name: string; because: string } | null {
  if (option !== undefined) {
    const name = encodingNamed(option);
    if (name === null)
      refuseLayer(path, null, `cannot be read as encoding ${shown(option)}; wanted ${KNOWN_ENCODINGS}`);
    return { name, because: 'as --encoding says' };
  }
  const ofCpg = cpg === null ? null : encodingNamed(cpg);
  if (ofCpg !== null) return { name: ofCpg, because: 'as the .cpg says' };
  const ofByte = encodingOfLanguageId(languageId);
  if (ofByte !== null) return { name: ofByte, because: `as byte 29 of the .dbf says (0x${languageId.toString(16)})` };
  return null;
}

function byBytes(evidence: EncodingEvidence): { name: string; because: string } {
  const best = evidence.best();
  if (best === null) return { name: 'utf-8', because: 'as its text is plain ASCII' };
  const because = best === 'utf-8' ? 'as its text is UTF-8 throughout' : 'as its text is not UTF-8';
  return { name: best, because: `${because} and no .cpg says otherwise` };
}
