/** How often the picture changes by itself: not at all, only its clock, or with every frame. */
export type Pace = 'still' | 'slow' | 'full';

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
const SLOW_EVERY_MS = 100;

/**
 * The page's one owner of requestAnimationFrame. Whoever changes something says what is stale; canvases are then painted
 * at the display's rate, React at most ten times a second. With nothing stale and nothing moving no frame is asked for.
 *
 *   invalidate ─▶ frame: paint ─▶ publish, when due ─▶ still moving? ─▶ next frame (full) · timer (slow) · nothing (still)
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

  constructor(host: FrameHost, work: FrameWork) {
    this.#host = host;
    this.#work = work;
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

  #ask(): void {
    this.#tell(false);
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    this.#clearTimer();
    this.#host.requestFrame(() => this.#frame());
  }

  #frame(): void {
    this.#frameAsked = false;
    if (this.#paintStale) {
      this.#paintStale = false;
      this.#work.paint();
    }
    const nowMs = this.#host.nowMs();
    const dueInMs = this.#publishedMs + PUBLISH_EVERY_MS - nowMs;
    if (this.#publishStale && dueInMs <= 0) {
      this.#publishStale = false;
      this.#publishedMs = nowMs;
      this.#work.publish();
    }
    const pace = this.#work.pace();
    if (pace === 'full') this.invalidate();
    else if (this.#publishStale) this.#after(Math.max(0, dueInMs), () => this.#ask());
    else if (pace === 'slow') this.#after(SLOW_EVERY_MS, () => this.#tick());
    this.#tell(!this.#paintStale && !this.#publishStale);
  }

  /** Only the clock moved: the page stays idle in the sense that all that happened is shown. */
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
