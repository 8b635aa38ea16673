import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface PopoverProps {
  class: string;
  label: ComponentChildren;
  title?: string;
  children: ComponentChildren;
}

/** A button with a small window under it, which goes with Escape or a press anywhere else. */
export function Popover({ class: name, label, title, children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  // Before the window is seen: an Escape pressed at once must find somebody listening.
  useLayoutEffect(() => {
    if (!open) return undefined;
    const leave = (event: Event) => {
      const outside = event.type === 'pointerdown' && !whole.current?.contains(event.target as Node);
      if (outside || (event as KeyboardEvent).key === 'Escape') setOpen(false);
    };
    addEventListener('pointerdown', leave);
    addEventListener('keydown', leave);
    return () => {
      removeEventListener('pointerdown', leave);
      removeEventListener('keydown', leave);
    };
  }, [open]);
  return html`
    <div class="popover" ref=${whole}>
      <button class=${name} title=${title} aria-expanded=${open} onClick=${() => setOpen(!open)}>${label}</button>
      ${open && html`<div class="window">${children}</div>`}
    </div>
  `;
}
