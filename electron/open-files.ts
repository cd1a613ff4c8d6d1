import type { Documents } from './documents.ts';
import type { Laboratory } from './laboratory.ts';
import { sentenceOf } from './slips.ts';
import type { StartOptions } from './start-options.ts';
import type { Stream } from './stream.ts';

/** What the command line asks for, else the app's first scenario. */
export async function openFirst(
  options: StartOptions,
  firstScenario: string,
  laboratory: Laboratory,
  documents: Documents,
  stream: Stream,
): Promise<void> {
  if (options.scenarioFile === undefined && options.traceFile === undefined) {
    await attempt(stream, () => laboratory.execute({ type: 'runScenario', name: firstScenario }));
  }
  await openFiles(options, documents, stream);
}

/** What a command line names. A failure is told in the page. */
export async function openFiles(options: StartOptions, documents: Documents, stream: Stream): Promise<void> {
  for (const file of [options.scenarioFile, options.traceFile])
    if (file !== undefined) await attempt(stream, () => documents.open(file));
}

async function attempt(stream: Stream, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    stream.notify('error', sentenceOf(error));
  }
}
