import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Weight } from './style.ts';

/** Noto Sans SC: every character of GB 18030's common part, so that no name of a village or a person is a box. */
const files: Record<Weight, string> = {
  regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
};

const read = new Map<Weight, Buffer>();

/** The font file's bytes, 10 MB each: read once. */
export function fontBytes(weight: Weight): Buffer {
  let bytes = read.get(weight);
  if (bytes === undefined) {
    bytes = readFileSync(fileURLToPath(import.meta.resolve(files[weight])));
    read.set(weight, bytes);
  }
  return bytes;
}
