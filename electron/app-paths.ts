import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Where everything lies that the app reads. */
export interface AppPaths {
  preload: string;
  renderer: string;
  fonts: string;
  scenarios: string;
  nativeFolder: string;
}

/**
 * From sources the native library is where the build leaves it; in a package it is a real file outside the archive,
 * because the system's loader can't look into one.
 */
export function appPaths(appPath: string, resourcesPath: string, isPackaged: boolean): AppPaths {
  const out = (...parts: string[]) => path.join(appPath, 'out', ...parts);
  return {
    preload: out('electron', 'preload.cjs'),
    renderer: out('renderer'),
    fonts: out('fonts'),
    scenarios: path.join(appPath, 'scenarios'),
    nativeFolder: isPackaged
      ? path.join(resourcesPath, 'native')
      : path.join(appPath, '.cache', 'native', `${process.platform}-${process.arch}`),
  };
}

const manifestSchema = z.object({
  productName: z.string(),
  version: z.string(),
  alertable: z.object({ firstScenario: z.string() }),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The app's own package.json, which also names the scenario to begin with. */
export function readManifest(appPath: string): Manifest {
  return manifestSchema.parse(JSON.parse(readFileSync(path.join(appPath, 'package.json'), 'utf8')));
}
