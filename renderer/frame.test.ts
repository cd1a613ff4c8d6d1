import { beforeEach, expect, test } from 'vitest';
import { CREEPING, FrameLoop, STILL, type FrameHost, type Pace } from './frame.ts';

/** A host whose clock and frames the test turns by hand. */
class TestHost implements FrameHost {
  ms = 0;
  frames: (() => void)[] = [];
  timers = new Map<number, { run: () => void; dueMs: number }>();
  #ids = 0;

  requestFrame = (run: () => void): void => void this.frames.push(run);
  setTimer = (run: () => void, afterMs: number): number => {
    this.timers.set(++this.#ids, { run, dueMs: this.ms + afterMs });
    return this.#ids;
  };
  clearTimer = (timer: number): void => void this.timers.delete(timer);
  nowMs = (): number => this.ms;

  /** Runs the frames that were asked for, and not those that they ask for. */
  frame(): void {
    for (const run of this.frames.splice(0)) run();
  }
  advance(ms: number): void {
    this.ms += ms;
    for (const [id, timer] of [...this.timers]) {
      if (timer.dueMs > this.ms) continue;
      this.timers.delete(id);
      timer.run();
    }
  }
}

let host: TestHost;
let done: string[];
let pace: Pace;
let loop: FrameLoop;

beforeEach(() => {
  host = new TestHost();
  done = [];
  pace = STILL;
  loop = new FrameLoop(host, {
    paint: () => done.push('paint'),
    publish: () => done.push('publish'),
    pace: () => pace,
    idle: (isIdle) => done.push(isIdle ? 'idle' : 'busy'),
  });
});

test('many changes before a frame are painted and published once', () => {
  loop.invalidate();
  loop.invalidate();
  loop.invalidatePaint();
  expect(host.frames).toHaveLength(1);
  host.frame();
  expect(done).toEqual(['busy', 'publish', 'paint', 'idle']);
});

test('canvases are painted again after React was told: they lie beside its rows', () => {
  loop.invalidate();
  host.frame();
  host.advance(10);
  loop.invalidate();
  host.frame();
  host.advance(100);
  host.frame();
  expect(done.lastIndexOf('paint')).toBeGreaterThan(done.lastIndexOf('publish'));
});

test('where React takes long it has its turn for a sixteenth of the time', () => {
  const slow = new FrameLoop(host, {
    paint: () => done.push('paint'),
    publish: () => {
      done.push('publish');
      host.ms += 50;
    },
    pace: () => 0,
    idle: () => {},
  });
  slow.invalidate();
  const startedMs = host.ms;
  while (host.ms < startedMs + 8000) {
    host.frame();
    host.advance(16);
  }
  expect(slow.costMs).toBeLessThan(51);
  expect(done.filter((one) => one === 'publish').length).toBeLessThanOrEqual(8000 / (50 * 16) + 1);
  expect(done.filter((one) => one === 'publish').length).toBeGreaterThan(7);
});

test('with nothing stale and nothing moving there is neither a frame nor a timer', () => {
  loop.invalidate();
  host.frame();
  expect(host.frames).toHaveLength(0);
  expect(host.timers.size).toBe(0);
});

test('React is told at most ten times a second, and always of the last change', () => {
  loop.invalidate();
  host.frame();
  for (let frame = 0; frame < 30; frame++) {
    host.advance(10);
    loop.invalidate();
    host.frame();
  }
  host.advance(100);
  host.frame();
  expect(done.filter((what) => what === 'paint').length).toBeGreaterThanOrEqual(31);
  const published = done.filter((what) => what === 'publish').length;
  expect(published).toBeGreaterThanOrEqual(4);
  expect(published).toBeLessThanOrEqual(5);
  expect(done.at(-1)).toBe('idle');
});

test('React has its turn in the next frame where something else is to be shown', () => {
  loop.invalidate();
  host.frame();
  host.advance(10);
  loop.publishSoon();
  host.frame();
  expect(done.filter((what) => what === 'publish')).toHaveLength(2);
});

test('while something moves every frame asks for the next, and the page is not idle', () => {
  pace = 0;
  loop.invalidate();
  for (let frame = 0; frame < 5; frame++) {
    host.advance(16);
    host.frame();
    expect(host.frames).toHaveLength(1);
  }
  expect(done).not.toContain('idle');
  pace = STILL;
  host.advance(100);
  host.frame();
  expect(host.frames).toHaveLength(0);
  expect(done.at(-1)).toBe('idle');
});

test('when only the clock moves, it is shown at its pace and the page counts as idle', () => {
  pace = CREEPING;
  loop.invalidate();
  host.frame();
  expect(done.at(-1)).toBe('idle');
  done = [];
  for (let tick = 0; tick < 10; tick++) {
    host.advance(CREEPING);
    host.frame();
  }
  expect(done.filter((what) => what === 'paint')).toHaveLength(10);
  expect(done).not.toContain('busy');
});

test('a slower motion than the display is painted at its pace, and is not idle', () => {
  pace = 33;
  loop.invalidate();
  host.frame();
  expect(host.frames).toHaveLength(0);
  host.advance(33);
  expect(host.frames).toHaveLength(1);
  host.frame();
  expect(done.filter((what) => what === 'paint')).toHaveLength(2);
  expect(done).not.toContain('idle');
});

test('a change during a slow pause is painted with the next frame, not with the next tick', () => {
  pace = CREEPING;
  loop.invalidate();
  host.frame();
  host.advance(20);
  loop.invalidatePaint();
  expect(host.frames).toHaveLength(1);
  expect(host.timers.size).toBe(0);
});
