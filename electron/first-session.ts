import { sentenceOf } from './ipc.ts';
import type { Laboratory } from './laboratory.ts';
import type { StartOptions } from './start-options.ts';
import type { Stream } from './stream.ts';

/** Starts what the command line asks for, else the app's first scenario. A failure is told in the page. */
export async function startSession(
  { scenarioFile, traceFile }: StartOptions,
  firstScenario: string | undefined,
  laboratory: Laboratory,
  stream: Stream,
): Promise<void> {
  if (traceFile !== undefined) {
    stream.notify('warning', `${traceFile} was not opened: this version does not load saved traces yet.`);
  }
  try {
    if (scenarioFile !== undefined) await laboratory.runScenarioFile(scenarioFile);
    else if (firstScenario !== undefined)
      await laboratory.execute({ type: 'runScenario', name: firstScenario });
  } catch (error) {
    stream.notify('error', sentenceOf(error));
  }
}
