import { app } from 'electron';
import type { Documents } from './documents.ts';
import type { Laboratory } from './laboratory.ts';
import { sentenceOf } from './slips.ts';
import type { StartOptions } from './start-options.ts';
import type { Stream } from './stream.ts';

/**
 * What the command line asks for, else the app's first scenario. Where a file was opened before this, by a second start or
 * a drop, that is what the user wants to see.
 */
export async function openFirst(
  options: StartOptions,
  firstScenario: string,
  laboratory: Laboratory,
  documents: Documents,
  stream: Stream,
): Promise<void> {
  await documents.settled();
  if (laboratory.title !== undefined) return;
  if (options.scenarioFile !== undefined || options.traceFile !== undefined)
    return openFiles(options, documents, stream);
  await attempt(stream, () => laboratory.execute({ type: 'runScenario', name: firstScenario }));
}

/** What a command line names. A failure is told in the page, and to whoever typed it. */
export async function openFiles(options: StartOptions, documents: Documents, stream: Stream): Promise<void> {
  for (const file of [options.scenarioFile, options.traceFile])
    if (file !== undefined) await attempt(stream, () => documents.open(file));
}

async function attempt(stream: Stream, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const sentence = sentenceOf(error);
    process.stderr.write(`${app.name}: ${sentence}\n`);
    stream.notify('error', sentence);
  }
}
