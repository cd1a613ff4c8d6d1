import { expect, test } from './lab.ts';
import { emptyScenario } from './scenario-files.ts';

test.use({ args: ['--scenario', emptyScenario().file] });

test('Help › Keys shows all keys, also while a field has the focus, and a dialog is not lost to it', async ({
  lab,
}) => {
  const keys = lab.page.getByRole('dialog', { name: 'All keys' });
  const field = lab.page.getByRole('combobox', { name: 'Speed' });
  await field.focus();
  await expect(field).toBeFocused();
  await lab.clickMenu('&Help', 'Keys');
  await expect(keys).toBeVisible();
  await keys.getByRole('button', { name: 'Close' }).click();
  await expect(keys).toBeHidden();

  await lab.button('New object').click();
  await lab.page.getByRole('menuitem', { name: 'Choose name and parameters …' }).click();
  const form = lab.page.getByRole('dialog');
  await form.getByRole('textbox').first().fill('mine');
  await lab.clickMenu('&Help', 'Keys');
  await lab.settle();
  await expect(form.getByRole('textbox').first()).toHaveValue('mine');
  await expect(keys).toBeHidden();
});
