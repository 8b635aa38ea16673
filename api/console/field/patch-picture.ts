import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { KeptPictures } from './box.ts';
import type { Desk } from './desk.ts';

type Which = 'before' | 'after';

/** The pictures of a patch that are kept on the phone; null while there are none. Read anew as more come in. */
export function useKeptPictures({ box, pictures }: Desk, id: string): KeptPictures | null {
  const [kept, setKept] = useState<KeptPictures | null>(null);
  useEffect(() => {
    if (kept === null) void box?.get('pictures', id).then((found) => setKept(found ?? null));
  }, [id, pictures]);
  return kept;
}

/** An address for what is in memory, let go of with the element. */
export function useBlobAddress(blob: Blob | null | undefined): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!blob) return setAddress(null);
    const url = URL.createObjectURL(blob);
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  return address;
}

/** One date's picture with the outline of the patch upon it. */
export function PatchPicture({ desk, id, which }: { desk: Desk; id: string; which: Which }) {
  const kept = useKeptPictures(desk, id);
  return html`<${Picture} kept=${kept} which=${which} />`;
}

export function Picture({ kept, which }: { kept: KeptPictures | null; which: Which }) {
  const address = useBlobAddress(kept?.[which]);
  if (kept === null || address === null) return html`<span class="picture none" aria-hidden="true"></span>`;
  const { width, height, outline } = kept.frame;
  const path = outline.map((ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`).join('');
  return html`
    <span class="picture">
      <img src=${address} alt="" width=${width} height=${height} />
      <svg viewBox=${`0 0 ${width} ${height}`} aria-hidden="true"><path d=${path} vector-effect="non-scaling-stroke" /></svg>
    </span>
  `;
}
