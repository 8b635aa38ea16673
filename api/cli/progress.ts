const barWidth = 30;
const redrawEveryMs = 100;

/** A progress bar on stderr, drawn only when that is a terminal. */
export class ProgressBar {
  #drawnAt = 0;
  readonly #terminal = process.stderr.isTTY === true;

  draw(label: string, done: number, total: number): void {
    if (!this.#terminal || total === 0) return;
    const now = performance.now();
    if (done > 0 && done < total && now - this.#drawnAt < redrawEveryMs) return;
    this.#drawnAt = now;
    const filled = Math.round((barWidth * done) / total);
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    process.stderr.write(`\r\x1b[K${bar} ${Math.floor((100 * done) / total)} % ${label} ${done}/${total}`);
  }

  clear(): void {
    if (this.#terminal) process.stderr.write('\r\x1b[K');
  }
}
