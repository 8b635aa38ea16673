import { hash } from 'node:crypto';

/** Of bytes, or of a text's UTF-8, in hex. */
export function sha256Of(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}
