import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

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
