import { expect, type Lab } from './lab.ts';

/** The dialogs in which a user chooses a call or an object, and the strip of objects. */

export const dialog = (lab: Lab) => lab.page.getByRole('dialog');
export const field = (lab: Lab, name: string) => dialog(lab).getByRole('textbox', { name, exact: true });
export const objects = (lab: Lab) => lab.page.getByRole('group', { name: /^object / });
export const object = (lab: Lab, name: string) =>
  lab.page.getByRole('group', { name: `object ${name}`, exact: true });

/** Opens the dialog, searches a function and chooses it. */
export async function choose(lab: Lab, thread: string, name: string): Promise<void> {
  await lab.rowButton(thread, 'Call…').click();
  const chooser = dialog(lab).getByRole('combobox', { name: 'Function' });
  await chooser.click();
  await chooser.fill(name);
  await lab.page.getByRole('option', { name, exact: true }).click();
  await expect(chooser).toHaveValue(name);
}
export const call = (lab: Lab) => dialog(lab).getByRole('button', { name: 'Call', exact: true }).click();

/** Opens one of the dialog's lists and chooses from it. */
export async function pick(lab: Lab, list: string, option: string): Promise<void> {
  await dialog(lab).getByRole('combobox', { name: list, exact: true }).click();
  await lab.page.getByRole('option', { name: option, exact: true }).click();
}

/** Makes the usual kind of an object: its entry in the menu begins so. */
export async function makeObject(lab: Lab, entry: string): Promise<string> {
  const before = await objects(lab).count();
  await lab.button('New object').click();
  await lab.page.getByRole('menuitem', { name: new RegExp(`^${entry}`) }).click();
  await expect(objects(lab)).not.toHaveCount(before);
  return (await objects(lab).last().getAttribute('aria-label'))!.replace(/^object /, '');
}
