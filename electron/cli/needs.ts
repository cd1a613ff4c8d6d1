import type { Engine } from '../engines.ts';

/** Which of a scenario's `needs` the engine lacks, as a sentence; undefined where it has them all. */
export async function missingNeed(
  engine: Engine,
  needs: readonly string[] | undefined,
): Promise<string | undefined> {
  if (needs === undefined || needs.length === 0) return undefined;
  const { label, capabilities } = await engine.describe();
  for (const need of needs) {
    const known = capabilities.find((one) => one.name === need);
    if (known?.present === true) continue;
    return `${label} lacks ${need}: ${known === undefined ? 'no engine of this version knows it' : known.reason}`;
  }
  return undefined;
}
