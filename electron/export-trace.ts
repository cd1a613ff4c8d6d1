import type { Writable } from 'node:stream';
import { durationText } from '../apc-model/call-text.ts';
import { ChromeJsonWriter } from '../apc-model/export-chrome-json.ts';
import { CsvWriter } from '../apc-model/export-csv.ts';
import { JsonLinesWriter } from '../apc-model/export-json-lines.ts';
import { TraceExport } from '../apc-model/export-trace.ts';
import {
  WHOLE_TRACE,
  type ExportEnd,
  type ExportRange,
  type ExportWriter,
} from '../apc-model/export-writer.ts';
import { TraceFileError } from '../apc-model/trace-file-error.ts';
import { TraceReader } from '../apc-model/trace-reader.ts';
import type { TraceMeta } from '../apc-model/trace.ts';
import { FileSource } from './file-source.ts';
import { NewFile, reasonOf } from './write-file.ts';

export const EXPORT_FORMATS = ['chromeJson', 'csv', 'jsonLines'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One file that an export makes, or a stream that it fills. */
export interface ExportOutput {
  format: ExportFormat;
  to: string | Writable;
}

export interface ExportRequest {
  /** The trace file. One that is still recorded is exported as far as it is now. */
  source: string;
  /** All are made in one reading of the trace. */
  outputs: readonly ExportOutput[];
  range?: ExportRange;
  signal?: AbortSignal;
  /** How much of the file has been read, from 0 to 1: after each batch. */
  onProgress?: (share: number) => void;
}

/** Why an export failed: `message` is a sentence without its full stop, and tells which file. */
export class ExportFault extends Error {
  override readonly name = 'ExportFault';
  /** The file that could not be read, the one that could not be written, or a range that has nothing. */
  readonly part: 'source' | 'range' | ExportOutput;
  constructor(part: ExportFault['part'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.part = part;
  }
}

/** The user's wish: nothing was written. */
export class ExportCancelled extends Error {
  override readonly name = 'ExportCancelled';
}

const WRITERS: Readonly<Record<ExportFormat, (meta: TraceMeta, range: ExportRange) => ExportWriter>> = {
  chromeJson: (meta, range) => new ChromeJsonWriter(meta, range),
  csv: () => new CsvWriter(),
  jsonLines: () => new JsonLinesWriter(),
};

/**
 * Exports a trace file batch by batch, in memory that does not grow with it. Files appear whole when all is done, or not at
 * all. A damaged trace is exported up to the damage, and the answer says so.
 * @throws an ExportFault, or ExportCancelled when `signal` was aborted
 */
export async function exportTrace(request: ExportRequest): Promise<ExportEnd> {
  const { source: file, outputs, range = WHOLE_TRACE } = request;
  const source = await FileSource.open(file).catch((error: unknown) => {
    throw new ExportFault('source', `${file} could not be read: ${reasonOf(error, 'reading')}`, {
      cause: error,
    });
  });
  const targets: Target[] = [];
  try {
    const reader = await openReader(file, source);
    for (const output of outputs) targets.push(await Target.open(output));
    const made = new TraceExport(
      range,
      outputs.map(({ format }) => WRITERS[format](reader.meta, range)),
    );
    const end = await run(made, reader, source, targets, request);
    if (made.reachedNs < range.fromNs)
      throw new ExportFault(
        'range',
        `the range begins at ${durationText(range.fromNs)} and the trace ends at ${durationText(made.reachedNs)}`,
      );
    for (const target of targets) await target.finish();
    return end;
  } finally {
    await source.close();
    for (const target of targets) await target.discard();
  }
}

async function run(
  made: TraceExport,
  reader: TraceReader,
  source: FileSource,
  targets: readonly Target[],
  { source: file, signal, onProgress }: ExportRequest,
): Promise<ExportEnd> {
  const write = async (texts: readonly string[]): Promise<void> => {
    if (signal?.aborted === true) throw new ExportCancelled('The export was cancelled; no file was written.');
    for (let at = 0; at < targets.length; at++) await targets[at]!.write(texts[at]!);
  };
  await write(made.begin());
  try {
    while (!made.isPast) {
      const batch = await reader.next();
      if (batch === undefined) break;
      for (const texts of made.take(batch)) await write(texts);
      onProgress?.((batch.place.at + batch.place.length) / source.size);
    }
  } catch (error) {
    if (error instanceof ExportFault || error instanceof ExportCancelled) throw error;
    throw new ExportFault('source', `${file} could not be read: ${reasonOf(error, 'reading')}`, {
      cause: error,
    });
  }
  const { texts, end } = made.end(made.isPast ? { damage: undefined, complete: true } : reader.end);
  await write(texts);
  return end;
}

async function openReader(file: string, source: FileSource): Promise<TraceReader> {
  try {
    return await TraceReader.open(source);
  } catch (error) {
    const reason = error instanceof TraceFileError ? error.message : reasonOf(error, 'reading');
    throw new ExportFault('source', `${file} is no trace that can be read: ${reason}`, { cause: error });
  }
}

/** Where one output goes. */
class Target {
  readonly #output: ExportOutput;
  readonly #to: NewFile | Writable;
  #isOver = false;

  private constructor(output: ExportOutput, to: NewFile | Writable) {
    this.#output = output;
    this.#to = to;
  }

  static async open(output: ExportOutput): Promise<Target> {
    const { to } = output;
    if (typeof to !== 'string') return new Target(output, to);
    try {
      return new Target(output, await NewFile.begin(to));
    } catch (error) {
      throw fault(output, error);
    }
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    const bytes = Buffer.from(text, 'utf8');
    try {
      if (this.#to instanceof NewFile) await this.#to.write(bytes);
      else await writeToStream(this.#to, bytes);
    } catch (error) {
      throw fault(this.#output, error);
    }
  }

  async finish(): Promise<void> {
    if (!(this.#to instanceof NewFile)) return;
    try {
      await this.#to.finish();
      this.#isOver = true;
    } catch (error) {
      throw fault(this.#output, error);
    }
  }

  /** Nothing where it is finished. */
  async discard(): Promise<void> {
    if (this.#to instanceof NewFile && !this.#isOver) await this.#to.discard();
  }
}

/** Resolves when the stream has taken the bytes: what reads from it sets the pace. */
const writeToStream = (stream: Writable, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });

const fault = (output: ExportOutput, error: unknown): ExportFault =>
  new ExportFault(
    output,
    `${typeof output.to === 'string' ? output.to : 'standard output'} could not be written: ${reasonOf(error)}`,
    { cause: error },
  );
