import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({
  productName: z.string(),
  alertable: z.object({ firstScenario: z.string() }),
});

export interface Manifest {
  productName: string;
  firstScenario: string;
}

/** The app's own package.json, which also names the scenario to begin with. */
export function readManifest(appPath: string): Manifest {
  const text = readFileSync(path.join(appPath, 'package.json'), 'utf8');
  const { productName, alertable } = manifestSchema.parse(JSON.parse(text));
  return { productName, firstScenario: alertable.firstScenario };
}
