import { app } from 'electron';
import path from 'node:path';
import type { Laboratory } from './laboratory.ts';
import type { Places } from './places.ts';
import { STATUS, StartFault } from './start-fault.ts';

/** Loaded apart from the rest of main, so that a native library that can't be loaded ends in a sentence and not in a stack. */
export async function loadLaboratory(
  places: Places,
  recordingsLimitBytes: () => number,
  eventMemoryMiB: number | undefined,
): Promise<Laboratory> {
  try {
    const { Laboratory } = await import('./laboratory.ts');
    return new Laboratory({
      nativeFolder: places.native,
      scenariosFolder: places.scenarios,
      recordingsFolder: path.join(app.getPath('userData'), 'recordings'),
      recordingsLimitBytes,
      ...(eventMemoryMiB !== undefined && { pageBudgetBytes: eventMemoryMiB * 2 ** 20 }),
    });
  } catch (error) {
    throw new StartFault(error instanceof Error ? error.message : String(error), STATUS.engine, error);
  }
}
