import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../build/paths.mjs';
import { call, choose, dialog, makeObject, object } from './call-dialog.ts';
import { emptyScenario, firstScenario } from './scenario-files.ts';
import { expect, test, type Lab } from './lab.ts';

/** A scenario of the conformance suite that begins with an event which is not signaled and ends with it signaled. */
const scenario = (() => {
  interface Parts {
    objects?: Record<string, { type: string; signaled?: boolean }>;
    threads?: object;
    expect?: { object?: string; signaled?: boolean }[];
  }
  const folder = path.join(ROOT, 'scenarios', 'conformance');
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.json')) continue;
    const file = path.join(folder, name);
    const { objects = {}, expect = [] } = JSON.parse(readFileSync(file, 'utf8')) as Parts;
    const changed = expect.find(
      ({ object, signaled }) =>
        object !== undefined &&
        signaled === true &&
        objects[object]?.type === 'event' &&
        objects[object].signaled !== true,
    );
    if (changed?.object !== undefined) return { file, object: changed.object, objects: Object.keys(objects) };
  }
  throw new Error('No conformance scenario is left whose event is set in it.');
})();

const newEvent = (lab: Lab): Promise<string> => makeObject(lab, 'Event \\(auto-reset\\)');

test.describe('by hand', () => {
  test.use({ args: ['--scenario', emptyScenario().file] });

  test('an APC ends an alertable wait for an event; then the event does', async ({ lab }) => {
    const name = await lab.newThread();
    await expect(lab.page.getByRole('region', { name: 'Objects' })).toHaveCount(0);
    const event = await newEvent(lab);
    await expect(object(lab, event)).toHaveAttribute('data-signaled', 'false');

    // Two clicks: a wait for the new object is what the dialog begins with.
    await lab.rowButton(name, 'Call…').click();
    await expect(dialog(lab).getByRole('status')).toHaveText(
      `WaitForSingleObjectEx(${event}, INFINITE, TRUE)`,
    );
    await call(lab);
    await expect(dialog(lab)).toHaveCount(0);
    await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
    await expect(object(lab, event)).toContainText(`${name} waits`);

    await lab.rowButton(name, 'Queue APC').click();
    await expect(lab.row(name)).toContainText('WaitForSingleObjectEx → WAIT_IO_COMPLETION');
    await expect(object(lab, event)).toContainText('not signaled');
    await expect(object(lab, event)).not.toContainText('waits');

    await lab.rowButton(name, 'Call…').click();
    await call(lab);
    await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
    await object(lab, event).getByRole('button', { name: 'Set', exact: true }).click();
    await expect(lab.row(name)).toContainText('WaitForSingleObjectEx → WAIT_OBJECT_0');
    // Auto-reset: the wait took it.
    await expect(object(lab, event)).toHaveAttribute('data-signaled', 'false');
    await object(lab, event).getByRole('button', { name: 'Set', exact: true }).click();
    await expect(object(lab, event)).toHaveAttribute('data-signaled', 'true');
  });

  test('a parameter that can’t be so says it beside its field, and nothing is called', async ({ lab }) => {
    const name = await lab.newThread();
    await choose(lab, name, 'SleepEx');
    const milliseconds = dialog(lab).getByRole('textbox', { name: 'Milliseconds' });
    for (const [given, problem] of [
      ['-5', /whole number of milliseconds, or INFINITE/],
      ['soon', /found "soon"; allowed: a whole number/],
      ['4294967295', /to 4294967294, or "INFINITE"/],
    ] as const) {
      await milliseconds.fill(given);
      await call(lab);
      await expect(milliseconds).toHaveAttribute('aria-invalid', 'true');
      await expect(milliseconds).toHaveAccessibleDescription(problem);
    }
    // What lies behind a modal dialog has no role meanwhile.
    await expect(lab.page.locator('[data-thread]')).toHaveAttribute('data-state', 'waitingForStep');
    await milliseconds.fill('60000');
    await call(lab);
    await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
  });

  test('a special APC interrupts a thread that runs its own code', async ({ lab }) => {
    const [first, second] = [await lab.newThread(), await lab.newThread()];
    await choose(lab, second, 'compute');
    await dialog(lab).getByRole('textbox', { name: 'Microseconds' }).fill('15000000');
    await call(lab);
    await expect(lab.row(second)).toHaveAttribute('data-state', 'running');
    await choose(lab, first, 'QueueUserAPC2');
    await dialog(lab).getByRole('combobox', { name: 'Thread' }).click();
    await lab.page.getByRole('option', { name: second, exact: true }).click();
    await dialog(lab)
      .getByRole('checkbox', { name: /^Special/ })
      .check();
    await call(lab);
    await expect(lab.row(second).getByRole('group', { name: `running APC of ${second}` })).toContainText('1');
    await expect(lab.row(second)).toHaveAttribute('data-state', 'running');
  });

  test('a semaphore with parameters is made, released, and refuses what exceeds its maximum', async ({
    lab,
  }) => {
    await lab.button('New object').click();
    await lab.page.getByRole('menuitem', { name: /^Choose name/ }).click();
    await dialog(lab).getByRole('combobox', { name: 'Type' }).fill('Sema');
    await lab.page.getByRole('option', { name: 'Semaphore' }).click();
    await dialog(lab).getByRole('textbox', { name: 'Name' }).fill('seats');
    await dialog(lab).getByRole('textbox', { name: 'Count' }).fill('5');
    await dialog(lab).getByRole('textbox', { name: 'Maximum' }).fill('2');
    const make = dialog(lab).getByRole('button', { name: 'Make it' });
    await make.click();
    await expect(dialog(lab).getByRole('textbox', { name: 'Count' })).toHaveAccessibleDescription(
      /at most the maximum 2/,
    );
    await dialog(lab).getByRole('textbox', { name: 'Count' }).fill('1');
    await make.click();
    await expect(object(lab, 'seats')).toContainText('1 of 2');
    const release = object(lab, 'seats').getByRole('button', { name: 'Release', exact: true });
    await release.click();
    await expect(object(lab, 'seats')).toContainText('2 of 2');
    await release.click();
    await expect(lab.page.locator('.fui-ToastBody')).toContainText('ERROR_TOO_MANY_POSTS');
    await expect(object(lab, 'seats')).toContainText('2 of 2');
  });

  test('the dialog is labelled, keeps the focus within, and works by keyboard alone', async ({ lab }) => {
    const name = await lab.newThread();
    await newEvent(lab);
    await lab.page.keyboard.press('c');
    await expect(lab.page.getByRole('dialog', { name: `Let ${name} call …` })).toBeVisible();
    await expect(dialog(lab).getByRole('combobox', { name: 'Function' })).toBeFocused();
    for (const control of await dialog(lab).locator('input, [role=combobox], button').all()) {
      if (await control.isVisible()) await expect(control).toHaveAccessibleName(/./);
    }
    for (let press = 0; press < 12; press++) {
      await lab.page.keyboard.press('Tab');
      expect(await lab.page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(
        true,
      );
    }
    await dialog(lab).getByRole('textbox', { name: 'Milliseconds' }).focus();
    await lab.page.keyboard.press('Enter');
    await expect(dialog(lab)).toHaveCount(0);
    await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
    await lab.page.keyboard.press('c');
    await expect(dialog(lab)).toBeVisible();
    await lab.page.keyboard.press('Escape');
    await expect(dialog(lab)).toHaveCount(0);
  });
});

test.describe('a scenario’s objects', () => {
  test.use({ args: ['--scenario', scenario.file] });

  test('stand with their states, which follow the cursor', async ({ lab }) => {
    for (const name of scenario.objects) await expect(object(lab, name)).toHaveCount(1);
    await expect(object(lab, scenario.object)).toHaveAttribute('data-signaled', 'true');
    await lab.page.keyboard.press('Home');
    await expect(object(lab, scenario.object)).toContainText('not made yet');
    const seen = new Set<string | null>();
    await expect(async () => {
      await lab.page.keyboard.press('ArrowRight');
      seen.add(await object(lab, scenario.object).getAttribute('data-signaled'));
      expect(seen).toContain('false');
    }).toPass({ intervals: [60] });
    await lab.page.keyboard.press('l');
    await expect(object(lab, scenario.object)).toHaveAttribute('data-signaled', 'true');
  });
});

test.describe('a thread that follows its scenario', () => {
  test.use({ args: ['--scenario', firstScenario().file] });

  test('takes no calls by hand, and the tooltip says why', async ({ lab }) => {
    const call = lab.rowButton(firstScenario().threads[0]!, 'Call…');
    await expect(call).toHaveAttribute('aria-disabled', 'true');
    await call.hover();
    await expect(lab.page.getByRole('tooltip')).toContainText('takes no steps by hand');
    await call.click({ force: true });
    await expect(dialog(lab)).toHaveCount(0);
  });
});
