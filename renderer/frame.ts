/** After how many milliseconds the picture looks different by itself: 0 with every frame, STILL never. */
export type Pace = number;
export const STILL: Pace = Number.POSITIVE_INFINITY;
/** From here on only a clock creeps: the page counts as idle. */
export const CREEPING: Pace = 250;

/** What the loop needs of its host: in the page, the window. */
export interface FrameHost {
  requestFrame(run: () => void): void;
  setTimer(run: () => void, afterMs: number): number;
  clearTimer(timer: number): void;
  nowMs(): number;
}

export interface FrameWork {
  /** Draws the canvases. */
  paint(): void;
  /** Hands React a new snapshot. */
  publish(): void;
  /** Asked after every frame. */
  pace(): Pace;
  /** Told whenever it changes whether something is left to paint. */
  idle(isIdle: boolean): void;
}

const PUBLISH_EVERY_MS = 100;
/** Where React takes long, it has its turn less often: at most this share of the time. */
const MOST_OF_TIME = 1 / 16;

/**
 * The page's one owner of requestAnimationFrame. Whoever changes something says what is stale; canvases are then painted
 * at the display's rate, React at most ten times a second and for at most a sixteenth of the time. With
 * nothing stale and nothing moving no frame is asked for.
 *
 *   invalidate ─▶ frame: publish, when due ─▶ paint ─▶ still moving? ─▶ next frame · timer · nothing
 */
export class FrameLoop {
  readonly #host: FrameHost;
  readonly #work: FrameWork;
  #paintStale = false;
  #publishStale = false;
  #frameAsked = false;
  #timer: number | undefined;
  #publishedMs = Number.NEGATIVE_INFINITY;
  #idle: boolean | undefined;
  #costMs = 0;
  #publishCostMs = 0;

  constructor(host: FrameHost, work: FrameWork) {
    this.#host = host;
    this.#work = work;
  }

  /** What the last frame took, milliseconds; what the browser itself does to show it not counted. */
  get costMs(): number {
    return this.#costMs;
  }

  /** The canvases no longer show what is so. */
  invalidatePaint(): void {
    this.#paintStale = true;
    this.#ask();
  }

  /** Neither canvases nor React show what is so. */
  invalidate(): void {
    this.#paintStale = true;
    this.#publishStale = true;
    this.#ask();
  }

  /** React's next turn is in the next frame, however lately it had one: what it showed is something else. */
  publishSoon(): void {
    this.#publishedMs = Number.NEGATIVE_INFINITY;
    this.invalidate();
  }

  #ask(): void {
    this.#tell(false);
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    this.#clearTimer();
    this.#host.requestFrame(() => this.#frame());
  }

  #frame(): void {
    this.#frameAsked = false;
    const nowMs = this.#host.nowMs();
    const dueInMs =
      this.#publishedMs + Math.max(PUBLISH_EVERY_MS, this.#publishCostMs / MOST_OF_TIME) - nowMs;
    // First React, then the canvases: they paint beside the rows that React was given.
    if (this.#publishStale && dueInMs <= 0) {
      this.#publishStale = false;
      this.#publishedMs = nowMs;
      this.#work.publish();
      this.#publishCostMs = this.#host.nowMs() - nowMs;
      this.#paintStale = true;
    }
    if (this.#paintStale) {
      this.#paintStale = false;
      this.#work.paint();
    }
    this.#costMs = this.#host.nowMs() - nowMs;
    const pace = this.#work.pace();
    if (pace === 0) this.invalidate();
    else {
      const waitMs = this.#publishStale ? Math.min(pace, Math.max(0, dueInMs)) : pace;
      if (waitMs < STILL) this.#after(waitMs, () => this.#tick());
    }
    this.#tell(!this.#paintStale && !this.#publishStale && pace >= CREEPING);
  }

  /** Only time went by: if the page was idle it stays so, because all that happened is shown. */
  #tick(): void {
    this.#paintStale = true;
    this.#publishStale = true;
    this.#frameAsked = true;
    this.#host.requestFrame(() => this.#frame());
  }

  #after(ms: number, run: () => void): void {
    this.#clearTimer();
    this.#timer = this.#host.setTimer(() => {
      this.#timer = undefined;
      run();
    }, ms);
  }

  #clearTimer(): void {
    if (this.#timer === undefined) return;
    this.#host.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #tell(isIdle: boolean): void {
    if (isIdle === this.#idle) return;
    this.#idle = isIdle;
    this.#work.idle(isIdle);
  }
}
