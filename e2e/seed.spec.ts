import { firstScenario, linePattern } from './scenario-files.ts';
import { expect, test } from './lab.ts';

const scenario = firstScenario();
const [first, ...others] = scenario.threads as [string, ...string[]];

test('the first scenario starts by itself, shows its threads and runs to its verdict', async ({ lab }) => {
  // While its plain sleep lasts, its APC stands before a closed gate.
  await expect(lab.row(first)).toHaveAttribute('data-state', 'wait');
  await expect(lab.chips(first)).toHaveAttribute('data-state', 'pending');
  await expect(lab.gate(first)).toHaveAttribute('data-open', 'false');

  for (const name of scenario.threads) {
    await expect(lab.row(name)).toHaveAttribute('data-state', 'ended', { timeout: 15_000 });
  }
  await expect(lab.row(first)).toContainText('1 lost');
  await expect(lab.row(first)).not.toContainText('WAIT_IO_COMPLETION');
  for (const name of others) await expect(lab.row(name)).toContainText('WAIT_IO_COMPLETION');

  const verdict = await lab.inspect('Verdict');
  await expect(verdict.getByRole('listitem')).toHaveCount(scenario.expect.length);
  for (const outcome of await verdict.getByRole('listitem').all()) {
    await expect(outcome).toHaveAttribute('data-status', 'passed');
  }

  const log = await lab.inspect('Log');
  for (const { log: lines, on } of scenario.expect) {
    if (lines === undefined || on === undefined) continue;
    const said = log
      .getByRole('listitem')
      .filter({ has: lab.page.getByTitle(on, { exact: true }) })
      .locator('.log-text');
    await expect(said).toHaveText(lines.map(linePattern));
  }
  await lab.settle();
});
