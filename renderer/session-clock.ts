/**
 * The session's clock as the page knows it: what main last said, plus the time since then. Between two messages it runs
 * on by itself; it never runs backwards while it runs.
 */
export class SessionClock {
  readonly #hostMs: () => number;
  #saidNs = 0;
  #saidAtMs = 0;
  #running = false;
  #shownNs = 0;

  /** @param hostMs a monotonic clock in milliseconds, such as performance.now */
  constructor(hostMs: () => number) {
    this.#hostMs = hostMs;
  }

  reset(): void {
    this.#saidNs = 0;
    this.#shownNs = 0;
    this.#running = false;
  }

  say(nowNs: number, running: boolean): void {
    this.#saidNs = nowNs;
    this.#saidAtMs = this.#hostMs();
    if (!running) this.#shownNs = nowNs;
    this.#running = running;
  }

  get nowNs(): number {
    if (!this.#running) return this.#saidNs;
    const estimateNs = this.#saidNs + (this.#hostMs() - this.#saidAtMs) * 1e6;
    this.#shownNs = Math.max(this.#shownNs, estimateNs);
    return this.#shownNs;
  }
}
