import { emptyScenario } from './scenario-files.ts';
import { expect, test } from './lab.ts';

test.use({ args: ['--scenario', emptyScenario().file] });

test('an APC waits on a thread that is not alertable, and an alertable wait delivers it', async ({ lab }) => {
  const name = await lab.newThread();
  await expect(lab.row(name)).toHaveAttribute('data-state', 'waitingForStep');
  await expect(lab.gate(name)).toHaveAttribute('data-open', 'false');

  await lab.rowButton(name, 'Queue APC').click();
  await expect(lab.chips(name)).toHaveCount(1);
  await expect(lab.chips(name)).toHaveAttribute('data-state', 'pending');
  // It stays there: the thread waits, but not alertably.
  await expect(lab.gate(name)).toHaveAttribute('data-open', 'false');
  await expect(lab.row(name)).toHaveAttribute('data-state', 'waitingForStep');

  await lab.rowButton(name, 'Alertable wait').click();
  await expect(lab.chips(name)).toHaveCount(0);
  await expect(lab.row(name)).toContainText('WAIT_IO_COMPLETION');
  await expect(lab.row(name)).toHaveAttribute('data-state', 'waitingForStep');
  await expect(lab.gate(name)).toHaveAttribute('data-open', 'false');
});

test('an APC queued onto a thread in an alertable wait runs at once', async ({ lab }) => {
  const name = await lab.newThread();
  await lab.rowButton(name, 'Alertable wait').click();
  await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
  await expect(lab.gate(name)).toHaveAttribute('data-open', 'true');
  await expect(lab.row(name)).not.toContainText('WAIT_IO_COMPLETION');

  await lab.rowButton(name, 'Queue APC').click();
  await expect(lab.row(name)).toContainText('WAIT_IO_COMPLETION');
  await expect(lab.row(name)).toHaveAttribute('data-state', 'waitingForStep');
  await expect(lab.chips(name)).toHaveCount(0);
});

test('APCs wait in the order of queuing, each on its own thread', async ({ lab }) => {
  const [first, second] = [await lab.newThread(), await lab.newThread()];
  for (let click = 0; click < 3; click++) await lab.rowButton(first, 'Queue APC').click();
  await lab.rowButton(second, 'Queue APC').click();
  await expect(lab.chips(first)).toHaveCount(3);
  await expect(lab.chips(second)).toHaveCount(1);
  const ids = await lab
    .chips(first)
    .evaluateAll((chips) => chips.map((chip) => Number(chip.getAttribute('data-apc'))));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));

  await lab.rowButton(second, 'Alertable wait').click();
  await expect(lab.chips(second)).toHaveCount(0);
  await expect(lab.chips(first)).toHaveCount(3);
});

test('a plain sleep keeps the gate closed, and what waits when the thread ends is lost', async ({ lab }) => {
  const name = await lab.newThread();
  await lab.rowButton(name, 'Sleep').click();
  await expect(lab.row(name)).toHaveAttribute('data-state', 'wait');
  await expect(lab.gate(name)).toHaveAttribute('data-open', 'false');
  await lab.rowButton(name, 'Queue APC').click();
  await expect(lab.chips(name)).toHaveAttribute('data-state', 'pending');

  await lab.rowButton(name, 'End').click();
  await expect(lab.row(name)).toHaveAttribute('data-state', 'ended');
  await expect(lab.chips(name)).toHaveCount(0);
  await expect(lab.row(name)).toContainText('1 lost');
});

test('a suspended thread runs nothing, alertable or not, until it is resumed', async ({ lab }) => {
  const name = await lab.newThread();
  await lab.rowButton(name, 'Alertable wait').click();
  await expect(lab.gate(name)).toHaveAttribute('data-open', 'true');
  await lab.rowButton(name, 'Suspend').click();
  await expect(lab.row(name)).toHaveAttribute('data-state', 'suspended');
  await expect(lab.gate(name)).toHaveAttribute('data-open', 'false');
  await lab.rowButton(name, 'Queue APC').click();
  await expect(lab.chips(name)).toHaveAttribute('data-state', 'pending');

  await lab.rowButton(name, 'Resume').click();
  await expect(lab.chips(name)).toHaveCount(0);
  await expect(lab.row(name)).toContainText('WAIT_IO_COMPLETION');
});

test('steps given to a busy thread stand in its mailbox and follow in order', async ({ lab }) => {
  const name = await lab.newThread();
  await lab.rowButton(name, 'Alertable wait').click();
  await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
  await lab.rowButton(name, 'Alertable wait').click();
  await expect(lab.row(name)).toContainText('1 step waiting');
  await lab.rowButton(name, 'Queue APC').click();
  // The first wait has returned, the second is what it waits in now.
  await expect(lab.row(name)).not.toContainText('1 step waiting');
  await expect(lab.row(name)).toContainText('WAIT_IO_COMPLETION');
  await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
});

test('Stop ends every thread, and the trace stays', async ({ lab }) => {
  const names = [await lab.newThread(), await lab.newThread()];
  await lab.button('Stop').click();
  for (const name of names) await expect(lab.row(name)).toHaveAttribute('data-state', 'ended');
  await lab.settle();
});

test('a waiting APC says why by pointer and by keyboard, and every control what it does', async ({ lab }) => {
  const name = await lab.newThread();
  await lab.rowButton(name, 'Queue APC').click();
  const chip = lab.chips(name);
  const card = lab.page.getByRole('tooltip');
  // Away from the button that was pressed.
  await lab.page.mouse.move(0, 0);
  await expect(card).toHaveCount(0);
  await chip.hover();
  await expect(card).toContainText(/alertable/);
  await lab.page.mouse.move(0, 0);
  await expect(card).toHaveCount(0);

  // From the control before it, by the key that everybody uses.
  await chip.focus();
  await lab.page.keyboard.press('Shift+Tab');
  await lab.page.keyboard.press('Tab');
  await expect(chip).toBeFocused();
  await expect(chip).toHaveAccessibleDescription(/alertable/);
  await lab.page.keyboard.press('Tab');
  await expect(card).not.toContainText(/APC 1/);

  await expect(lab.rowButton(name, 'Suspend')).toHaveAccessibleDescription(/SuspendThread/);
});
