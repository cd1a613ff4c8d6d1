import type { Laboratory } from './laboratory.ts';
import { sentenceOf } from './slips.ts';
import type { StartOptions } from './start-options.ts';
import type { Stream } from './stream.ts';

/** What the command line asks for, else the app's first scenario. */
export async function openFirst(
  options: StartOptions,
  firstScenario: string,
  laboratory: Laboratory,
  stream: Stream,
): Promise<void> {
  if (options.scenarioFile === undefined) {
    await attempt(stream, () => laboratory.execute({ type: 'runScenario', name: firstScenario }));
  }
  await openFiles(options, laboratory, stream);
}

/** What a command line names. A failure is told in the page. */
export async function openFiles(
  options: StartOptions,
  laboratory: Laboratory,
  stream: Stream,
): Promise<void> {
  const { scenarioFile, traceFile } = options;
  if (traceFile !== undefined) {
    stream.notify('warning', `${traceFile} was not opened: this version does not load saved traces yet.`);
  }
  if (scenarioFile !== undefined) await attempt(stream, () => laboratory.runScenarioFile(scenarioFile));
}

async function attempt(stream: Stream, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    stream.notify('error', sentenceOf(error));
  }
}
