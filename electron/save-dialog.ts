import { dialog, type BrowserWindow } from 'electron';
import { fileNameOf } from './file-name.ts';

const FORMATS = {
  png: { name: 'PNG picture', extensions: ['png'] },
  svg: { name: 'SVG picture', extensions: ['svg'] },
  json: { name: 'Chrome JSON trace', extensions: ['json'] },
  csv: { name: 'Comma-separated values', extensions: ['csv'] },
  jsonl: { name: 'JSON lines', extensions: ['jsonl'] },
  arrows: { name: 'Alertable trace', extensions: ['arrows'] },
};

let isAsking = false;

/**
 * Asks where to save by the system's dialog, one at a time.
 * @param title what is saved: the name that the dialog proposes
 * @returns undefined where the user chose nothing
 */
export async function askWhere(
  window: BrowserWindow,
  title: string,
  ending: keyof typeof FORMATS,
): Promise<string | undefined> {
  if (isAsking) throw new Error('A save dialog is open already: answer it first.');
  isAsking = true;
  try {
    // As a property of `dialog`, so that a test can answer in the user's place.
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: fileNameOf(title, ending),
      filters: [FORMATS[ending]],
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    });
    return canceled || !filePath ? undefined : withEnding(filePath, ending);
  } finally {
    isAsking = false;
  }
}

/** GTK's dialog, unlike the others, does not add the ending by itself. */
const withEnding = (file: string, ending: string): string =>
  /\.[A-Za-z0-9]+$/.test(file) ? file : `${file}.${ending}`;
