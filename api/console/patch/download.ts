import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PatchDetail } from '../../server/schemas.ts';
import { ask } from '../shell/server.ts';
import { label } from '../shell/text.ts';
import { dossierWords } from './dossier-words.ts';
import { say } from './words.ts';

interface DownloadProps {
  patch: PatchDetail;
  onFailed: (error: Error) => void;
}

/** The whole evidence of the patch as one signed zip. Making it takes a while, and so may fetching it: both are told. */
export function Download({ patch, onFailed }: DownloadProps) {
  const [step, setStep] = useState<string | null>(null);
  const asked = useRef<AbortController | null>(null);
  useEffect(() => () => asked.current?.abort(), []);
  const download = async () => {
    asked.current = new AbortController();
    setStep(label(dossierWords.making));
    try {
      const answer = await ask(`patches/${patch.id}/evidence`, asked.current.signal);
      const url = URL.createObjectURL(await received(answer, (share) => setStep(`${say('made')} ${share} %`)));
      Object.assign(document.createElement('a'), { href: url, download: `${patch.number}.zip` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      if ((error as Error).name !== 'AbortError') onFailed(error as Error);
    } finally {
      setStep(null);
    }
  };
  return html`
    <button class="plain" disabled=${step !== null} onClick=${download}>${step ?? label(dossierWords.bundle)}</button>
    <span class="spoken" role="status">${step ?? ''}</span>
  `;
}

/** The body of an answer, told of as it arrives. */
async function received(answer: Response, onShare: (percent: number) => void): Promise<Blob> {
  const total = Number(answer.headers.get('content-length'));
  const parts: BlobPart[] = [];
  let bytes = 0;
  const reader = answer.body!.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    if (total > 0) onShare(Math.floor((100 * bytes) / total));
  }
  return new Blob(parts, { type: 'application/zip' });
}
