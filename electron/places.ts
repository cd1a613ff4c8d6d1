import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the app's parts lie: beside the sources while developing, under `resources/` in a package. */
export interface Places {
  /** The native library of this machine. */
  native: string;
  /** The win32 library and apc-run.exe for Wine; only where the set-up built them. */
  nativeForWine: string;
  scenarios: string;
  fonts: string;
  cache: string;
}

/** @param packaged the `resources` folder of a packaged app */
export function findPlaces(packaged?: string): Places {
  // This module is bundled into out/electron/.
  const here = dirname(fileURLToPath(import.meta.url));
  const root = resolve(here, '..', '..');
  const fonts = resolve(here, '..', 'fonts');
  if (packaged !== undefined && existsSync(join(packaged, 'native'))) {
    const native = join(packaged, 'native');
    return {
      native,
      nativeForWine: native,
      scenarios: join(packaged, 'scenarios'),
      fonts,
      cache: join(packaged, 'cache'),
    };
  }
  return {
    native: join(root, '.cache', 'native', `${process.platform}-${process.arch}`),
    nativeForWine: join(root, '.cache', 'native', 'win32-x64'),
    scenarios: join(root, 'scenarios'),
    fonts,
    cache: join(root, '.cache'),
  };
}
