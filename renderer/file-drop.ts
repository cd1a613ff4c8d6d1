import { openDropped } from './commands.ts';
import { notify } from './notices.ts';

/** Opens a trace or a scenario that is dropped anywhere on the window; without this the page would go to the file. */
export function takeDroppedFiles(page: Window): void {
  page.addEventListener('dragover', (event) => {
    if (event.dataTransfer === null) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = event.dataTransfer.types.includes('Files') ? 'copy' : 'none';
  });
  page.addEventListener('drop', (event) => {
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    const [file] = files;
    if (file === undefined) return;
    if (files.length > 1) {
      notify('warning', 'Only one file can be shown at a time: drop a single trace or scenario.');
      return;
    }
    void openDropped(file);
  });
}
