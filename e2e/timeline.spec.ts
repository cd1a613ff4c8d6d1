import { firstScenario } from './scenario-files.ts';
import { expect, test, type Lab } from './lab.ts';

const [sleeper, ...others] = firstScenario().threads as [string, ...string[]];

/** Nanoseconds from `t = 1.234 567 s`, whose digits stand in groups. */
function parseInstant(text: string): number {
  const [, digits, unit] = /t = ([\d.\s]+?)\s*(ns|µs|ms|s)/.exec(text) ?? [];
  const scale = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 }[unit ?? ''];
  if (digits === undefined || scale === undefined) throw new Error(`no instant in ${JSON.stringify(text)}`);
  return Number(digits.replace(/\s/g, '')) * scale;
}

/** The lanes after the first scenario has ended, with what a hand does to them. */
class Lanes {
  readonly #lab: Lab;
  readonly widthCss: number;
  readonly #yCss: number;

  static async of(lab: Lab): Promise<Lanes> {
    for (const name of [sleeper, ...others])
      await expect(lab.row(name)).toHaveAttribute('data-state', 'ended', { timeout: 15_000 });
    // On the axis of true time, so that equal widths are equal times.
    await lab.button('Time').click();
    await lab.settle();
    const canvas = (await lab.timeline.boundingBox())!;
    const row = (await lab.row(sleeper).boundingBox())!;
    return new Lanes(lab, canvas.width, row.y + row.height / 2 - canvas.y);
  }

  private constructor(lab: Lab, widthCss: number, yCss: number) {
    this.#lab = lab;
    this.widthCss = widthCss;
    this.#yCss = yCss;
  }

  #at = (share: number) => ({ x: this.widthCss * share, y: this.#yCss });

  /** Clicks at this share of the width, and gives the instant that the cursor then shows. */
  async clickAt(share: number): Promise<number> {
    await this.#lab.timeline.click({ position: this.#at(share) });
    await this.#lab.settle();
    return parseInstant((await this.#lab.page.locator('output').textContent()) ?? '');
  }

  async wheelAt(share: number, deltaY: number): Promise<void> {
    await this.#lab.timeline.hover({ position: this.#at(share) });
    await this.#lab.page.mouse.wheel(0, deltaY);
    await this.#lab.settle();
  }

  async drag(fromShare: number, toShare: number): Promise<void> {
    const canvas = (await this.#lab.timeline.boundingBox())!;
    const { mouse } = this.#lab.page;
    await mouse.move(canvas.x + this.widthCss * fromShare, canvas.y + this.#yCss);
    await mouse.down();
    await mouse.move(canvas.x + this.widthCss * toShare, canvas.y + this.#yCss, { steps: 4 });
    await mouse.up();
    await this.#lab.settle();
  }

  /** How much time the lane is wide, and where it begins: from two clicks. */
  async view(): Promise<{ startNs: number; spanNs: number }> {
    const [left, right] = [await this.clickAt(0.25), await this.clickAt(0.75)];
    const spanNs = (right - left) * 2;
    return { startNs: left - spanNs / 4, spanNs };
  }
}

test('the wheel shows more detail, and what lies under the pointer stays there', async ({ lab }) => {
  const lanes = await Lanes.of(lab);
  const before = await lanes.view();
  const under = await lanes.clickAt(0.4);
  await lanes.wheelAt(0.4, -600);
  expect(Math.abs((await lanes.clickAt(0.4)) - under)).toBeLessThan(before.spanNs / lanes.widthCss);
  const after = await lanes.view();
  expect(after.spanNs).toBeLessThan(before.spanNs * 0.6);

  await lanes.wheelAt(0.4, 600);
  expect((await lanes.view()).spanNs / before.spanNs).toBeCloseTo(1, 1);
});

test('a drag moves the view and a key brings everything back', async ({ lab }) => {
  const lanes = await Lanes.of(lab);
  const whole = await lanes.view();
  await lanes.wheelAt(0.5, -1000);
  const near = await lanes.view();
  await lanes.drag(0.3, 0.5);
  const moved = await lanes.view();
  expect(moved.spanNs / near.spanNs).toBeCloseTo(1, 1);
  // A drag to the right shows earlier times.
  expect((near.startNs - moved.startNs) / near.spanNs).toBeCloseTo(0.2, 1);

  await lab.page.keyboard.press('f');
  await lab.settle();
  const again = await lanes.view();
  expect(again.spanNs / whole.spanNs).toBeCloseTo(1, 2);
});

test('the cursor shows every row as it was at that instant, and a key returns to the end', async ({
  lab,
}) => {
  const lanes = await Lanes.of(lab);
  const end = await lab.rows().evaluateAll((rows) => rows.map((row) => row.getAttribute('data-state')));
  // In the middle of the run the first thread sleeps and the others are still to come.
  await lanes.clickAt(0.5);
  await expect(lab.row(sleeper)).toHaveAttribute('data-state', 'wait');
  await expect(lab.chips(sleeper)).toHaveAttribute('data-state', 'pending');
  await expect(lab.gate(sleeper)).toHaveAttribute('data-open', 'false');
  for (const name of others)
    await expect(lab.row(name).and(lab.page.locator('[data-state=ended]'))).toHaveCount(0);

  await lab.page.keyboard.press('l');
  await expect(lab.row(sleeper)).toHaveAttribute('data-state', 'ended');
  await expect(lab.rows()).toHaveCount(end.length);
  await expect(lab.chips(sleeper)).toHaveCount(0);
});

test('the arrow keys step from event to event, there and back', async ({ lab }) => {
  await Lanes.of(lab);
  const instant = lab.page.locator('output');
  await lab.page.keyboard.press('Home');
  await lab.settle();
  const steps: string[] = [];
  for (let step = 0; step < 5; step++) {
    await lab.page.keyboard.press('ArrowRight');
    await lab.settle();
    steps.push((await instant.textContent())!);
  }
  expect(new Set(steps).size).toBe(steps.length);
  for (const text of steps.slice(0, -1).reverse()) {
    await lab.page.keyboard.press('ArrowLeft');
    await expect(instant).toHaveText(text);
  }
});
