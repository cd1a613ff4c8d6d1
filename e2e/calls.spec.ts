import { call, choose, dialog, field, makeObject, object, pick } from './call-dialog.ts';
import { emptyScenario } from './scenario-files.ts';
import { expect, test, type Lab } from './lab.ts';

test.use({ args: ['--scenario', emptyScenario().file] });

const routine = Object.keys(emptyScenario().routines)[0]!;
const returned = (lab: Lab, thread: string, words: string) =>
  expect(lab.row(thread)).toContainText(words, { timeout: 15_000 });

test('a line is logged with the values of the thread, and its text comes back with the page', async ({
  lab,
}) => {
  const name = await lab.newThread();
  await choose(lab, name, 'SetLastError');
  await field(lab, 'Error').fill('1460');
  await call(lab);
  await choose(lab, name, 'log');
  await field(lab, 'Text').fill('error {lastError}, {{plain}} – ☃');
  await expect(dialog(lab).getByRole('status')).toHaveText('log("error {lastError}, {{plain}} – ☃")');
  await call(lab);
  // It is open from the start; what lies behind a modal dialog, or is not painted yet, has no role meanwhile.
  const inspector = lab.page.getByRole('complementary', { name: 'Inspector' });
  const line = 'error 1460, {plain} – ☃';
  await expect(inspector).toBeVisible();
  await expect(await lab.inspect('Log')).toContainText(line);
  // A page that is loaded again gets the texts again.
  await lab.page.reload();
  await expect(inspector).toBeVisible();
  await expect(await lab.inspect('Log')).toContainText(line);
});

test('a text that can’t be so says it beside its field', async ({ lab }) => {
  const name = await lab.newThread();
  await makeObject(lab, 'Pipe');
  await choose(lab, name, 'log');
  const refuses = async (given: string, problem: RegExp) => {
    await field(lab, 'Text').fill(given);
    await call(lab);
    await expect(field(lab, 'Text')).toHaveAttribute('aria-invalid', 'true');
    await expect(field(lab, 'Text')).toHaveAccessibleDescription(problem);
  };
  await refuses('{sum}', /found {sum}; allowed in braces: arg1/);
  await refuses('a { b', /write {{ or }} for a plain brace/);
  await refuses('x'.repeat(1001), /At most 1,000 characters: it has 1,001/);
  await dialog(lab).getByRole('button', { name: 'Cancel' }).click();
  await choose(lab, name, 'WriteFile');
  await refuses('', /at least one character/);
  await refuses('ä'.repeat(32_768), /At most 65,535 bytes of UTF-8: it has 65,536/);
  await field(lab, 'Text').fill('ä'.repeat(500));
  await call(lab);
  await expect(dialog(lab)).toHaveCount(0);
  await expect(object(lab, 'pipe1.read')).toContainText('1000 bytes unread');
});

test('a file holds a text from the start, and texts are written into it', async ({ lab }) => {
  const name = await lab.newThread();
  await lab.button('New object').click();
  await lab.page.getByRole('menuitem', { name: /^Choose name/ }).click();
  await dialog(lab).getByRole('combobox', { name: 'Type' }).fill('Fil');
  await lab.page.getByRole('option', { name: 'File', exact: true }).click();
  await field(lab, 'Name').fill('book');
  await field(lab, 'It holds').fill('one\ntwo');
  await dialog(lab).getByRole('button', { name: 'Make it' }).click();
  await expect(object(lab, 'book')).toContainText('7 bytes');
  await choose(lab, name, 'WriteFileEx');
  await field(lab, 'Text').fill('eleven byte');
  await expect(dialog(lab).getByRole('status')).toHaveText(`WriteFileEx(book, "eleven byte", ${routine})`);
  await call(lab);
  await expect(object(lab, 'book')).toContainText('11 bytes');
  await lab.rowButton(name, 'Alertable wait').click();
  await returned(lab, name, 'WAIT_IO_COMPLETION');
  // The same call with bytes of any kind.
  await choose(lab, name, 'WriteFileEx');
  await pick(lab, 'Write', 'so many bytes of any kind');
  await field(lab, 'Bytes').fill('40');
  await call(lab);
  await expect(object(lab, 'book')).toContainText('40 bytes');
});

test('a timer is due at a time of the session', async ({ lab }) => {
  const name = await lab.newThread();
  await makeObject(lab, 'Waitable timer');
  await choose(lab, name, 'SetWaitableTimer');
  await pick(lab, 'Due', 'at a time of the session');
  const at = field(lab, 'At (ms since the session’s start)');
  const offered = Number(await at.inputValue());
  expect(offered).toBeGreaterThan(5000);
  await at.fill(String(offered - 3000));
  await call(lab);
  await expect(object(lab, 'timer1')).toContainText('not signaled, set');
  await lab.rowButton(name, 'Alertable wait').click();
  await expect(lab.row(name)).toHaveAttribute('data-state', 'alertableWait');
  await returned(lab, name, 'WAIT_IO_COMPLETION');
  await expect(object(lab, 'timer1')).not.toContainText('not signaled');
  // What has passed is due at once.
  await choose(lab, name, 'SetWaitableTimer');
  await pick(lab, 'Due', 'at a time of the session');
  await at.fill('1');
  await call(lab);
  await expect(lab.chips(name)).toHaveCount(1);
});

test('a thread awaits another’s state, and neither the page nor Stop waits for it', async ({ lab }) => {
  const [first, second] = [await lab.newThread(), await lab.newThread()];
  await choose(lab, second, 'awaitState');
  await pick(lab, 'Thread', first);
  await pick(lab, 'Until it', 'is in an alertable wait');
  await call(lab);
  await expect(lab.row(second)).toHaveAttribute('data-state', 'wait');
  await expect(lab.row(second)).toContainText(`waiting until ${first} is alertable`);
  // An APC stays: it is no alertable wait.
  await lab.rowButton(second, 'Queue APC').click();
  await expect(lab.chips(second)).toHaveCount(1);
  await lab.rowButton(first, 'Alertable wait').click();
  await expect(lab.row(second)).toHaveAttribute('data-state', 'waitingForStep');

  // A state that never comes.
  await choose(lab, second, 'awaitState');
  await pick(lab, 'Thread', first);
  await pick(lab, 'Until it', 'is suspended');
  await call(lab);
  await expect(lab.row(second)).toContainText(`waiting until ${first} is suspended`);
  const before = Date.now();
  await lab.button('Stop').click();
  await expect(lab.row(second)).toHaveAttribute('data-state', 'ended', { timeout: 2000 });
  await expect(lab.row(first)).toHaveAttribute('data-state', 'ended', { timeout: 2000 });
  expect(Date.now() - before).toBeLessThan(2000);
});
