import { emptyScenario, firstScenario } from './scenario-files.ts';
import { expect, test, type Lab } from './lab.ts';

/** What the window says about the session, without anything that goes on by itself. */
const told = (lab: Lab) =>
  lab.rows().evaluateAll((rows) =>
    rows.map((row) => ({
      name: row.getAttribute('aria-label'),
      state: row.getAttribute('data-state'),
      chips: [...row.querySelectorAll('[data-apc]')].map((chip) => [
        chip.getAttribute('data-apc'),
        chip.getAttribute('data-state'),
      ]),
    })),
  );

test.describe('a session that has ended', () => {
  test('is all there again when the page is loaded again', async ({ lab }) => {
    const threads = firstScenario().threads;
    await expect(lab.row(threads.at(-1)!)).toHaveAttribute('data-state', 'ended', { timeout: 15_000 });
    await lab.settle();
    const before = await told(lab);
    expect(before.length).toBeGreaterThanOrEqual(threads.length);
    await lab.page.reload();
    await expect(lab.row(threads.at(-1)!)).toHaveAttribute('data-state', 'ended');
    await lab.settle();
    expect(await told(lab)).toEqual(before);
  });
});

test.describe('a session that runs', () => {
  test.use({ args: ['--scenario', emptyScenario().file] });

  test('goes on while the page is loaded again, and takes orders from the new page', async ({ lab }) => {
    const name = await lab.newThread();
    await lab.rowButton(name, 'Queue APC').click();
    await expect(lab.chips(name)).toHaveCount(1);
    const before = await told(lab);
    await lab.page.reload();
    await expect(lab.chips(name)).toHaveCount(1);
    expect(await told(lab)).toEqual(before);
    await lab.rowButton(name, 'Alertable wait').click();
    await expect(lab.row(name)).toContainText('WAIT_IO_COMPLETION');
  });

  test('survives a crash of the page: it is loaded again by itself, and says so', async ({ lab }) => {
    const name = await lab.newThread();
    await lab.rowButton(name, 'Queue APC').click();
    await expect(lab.chips(name)).toHaveCount(1);
    await lab.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
    );
    // Playwright gives a page up when it crashes, so what follows is asked through main.
    const chips = `document.querySelector('[aria-label="thread ${name}"]')?.querySelectorAll('[data-apc]').length`;
    await expect.poll(() => lab.inPage(chips), { timeout: 10_000 }).toBe(1);
    await expect
      .poll(() => lab.inPage('document.body.textContent'))
      .toMatch(/The page crashed .* and was loaded again/);
    // And it is obeyed.
    await lab.inPage(
      `[...document.querySelectorAll('button')].find((one) => one.textContent === 'Stop').click()`,
    );
    await expect
      .poll(() => lab.inPage('document.querySelector(".run-indicator").textContent'))
      .toMatch(/^ended/);
  });
});
