import { durationText } from '../../apc-model/call-text.ts';
import type { ExportEnd, ExportRange } from '../../apc-model/export-writer.ts';
import { TraceReader } from '../../apc-model/trace-reader.ts';
import { Trace } from '../../apc-model/trace.ts';
import { ExportJob } from '../export-job.ts';
import { ExportCancelled, ExportFault, type ExportFormat, type ExportOutput } from '../export-trace.ts';
import type { ExportOptions } from '../export.ts';
import { FileSource } from '../file-source.ts';
import { readArguments, readChoice, readNumber, readTimeNs, userPath } from './arguments.ts';
import { CommandFault, ExitStatus } from './exit-status.ts';
import { interruptible } from './interruption.ts';
import { checkOutputs, writeOutput } from './output.ts';

const TEXTS = { 'chrome-json': 'chromeJson', csv: 'csv', json: 'jsonLines' } as const satisfies Record<
  string,
  ExportFormat
>;
const PICTURES = ['png', 'svg', 'pdf'] as const;
const OUTPUTS = [...(Object.keys(TEXTS) as (keyof typeof TEXTS)[]), ...PICTURES];
type Outputs = Partial<Record<(typeof OUTPUTS)[number], string>>;

/** `export`: what a trace file has, in other formats; any number of them in one go. */
export async function exportVerb(args: string[]): Promise<ExitStatus> {
  const text = { type: 'string' } as const;
  const { values, positionals } = readArguments(args, {
    'chrome-json': text,
    csv: text,
    json: text,
    png: text,
    svg: text,
    pdf: text,
    from: text,
    to: text,
    width: text,
    scale: text,
    colours: text,
    axis: text,
  });
  if (positionals.length !== 1)
    throw new CommandFault(ExitStatus.usage, `export takes one trace file, found ${positionals.length}`);
  const outputs: Outputs = values;
  if (OUTPUTS.every((option) => outputs[option] === undefined)) {
    throw new CommandFault(
      ExitStatus.usage,
      'export has nothing to write: name an output, such as --chrome-json trace.json',
    );
  }
  const range = readRange(values.from, values.to);
  const picture: ExportOptions = {
    widthPx: readNumber('--width', values.width, 320, 20_000),
    scale: readNumber('--scale', values.scale, 0.5, 8),
    colours: readChoice('--colours', values.colours, ['light', 'dark', 'print']),
    axis: readChoice('--axis', values.axis, ['events', 'time']),
  };
  const source = userPath(positionals[0]!);
  checkOutputs(
    { path: positionals[0]!, name: 'the trace itself' },
    OUTPUTS.map((option) => [`--${option}`, outputs[option]]),
  );
  try {
    const end = await exportTexts(source, outputs, range);
    const warning = await exportPictures(source, outputs, picture, range);
    report(source, outputs, end, end?.warning ?? warning);
    return ExitStatus.held;
  } catch (error) {
    // Who reads from standard output has enough.
    if (error instanceof ExportFault && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EPIPE')
      return ExitStatus.held;
    throw error instanceof ExportFault ? asFault(error, outputs) : error;
  }
}

function readRange(from: string | undefined, to: string | undefined): ExportRange {
  const range = {
    fromNs: readTimeNs('--from', from) ?? 0,
    toNs: readTimeNs('--to', to) ?? Number.POSITIVE_INFINITY,
  };
  if (range.toNs < range.fromNs)
    throw new CommandFault(ExitStatus.usage, `--to: ${to} lies before --from ${from}; swap them`);
  return range;
}

/** All of them in one reading of the file. Ctrl-C takes away what was begun. */
async function exportTexts(
  source: string,
  outputs: Outputs,
  range: ExportRange,
): Promise<ExportEnd | undefined> {
  const wanted: ExportOutput[] = [];
  for (const [option, format] of Object.entries(TEXTS) as [keyof typeof TEXTS, ExportFormat][]) {
    const path = outputs[option];
    if (path !== undefined) wanted.push({ format, to: path === '-' ? process.stdout : userPath(path) });
  }
  if (wanted.length === 0) return undefined;
  // Each write tells its own failure.
  process.stdout.on('error', () => {});
  const showsProgress = process.stderr.isTTY;
  const tell = (line: string): void => void (showsProgress && process.stderr.write(`\r\u001b[K${line}`));
  const job = new ExportJob({ source, outputs: wanted, range }, (share) =>
    tell(`exporting … ${Math.floor(share * 100)} %  (Ctrl-C cancels)`),
  );
  try {
    return await interruptible(async (signal) => {
      signal.addEventListener('abort', () => job.cancel());
      return job.done.catch((error: unknown) => {
        throw error instanceof ExportCancelled ? signal.reason : error;
      });
    });
  } finally {
    tell('');
  }
}

/** @returns what is wrong with the file, as far as it could be read */
async function exportPictures(
  source: string,
  outputs: Outputs,
  asked: ExportOptions,
  { fromNs, toNs }: ExportRange,
): Promise<string | undefined> {
  if (PICTURES.every((option) => outputs[option] === undefined)) return undefined;
  const { trace, warning } = await loadTrace(source);
  const { endNs } = trace.table;
  if (fromNs > endNs)
    throw new ExportFault(
      'range',
      `the range begins at ${durationText(fromNs)} and the trace ends at ${durationText(endNs)}`,
    );
  const isWhole = fromNs === 0 && toNs >= endNs;
  const range = isWhole ? null : { startNs: fromNs, endNs: Math.min(toNs, endNs) };
  const options = { ...asked, range };
  // Skia is only loaded by who wants a picture.
  const { renderPdf, renderPng, renderSvg } = await import('../export.ts');
  if (outputs.png !== undefined) writeOutput('--png', outputs.png, await renderPng(trace, options));
  if (outputs.svg !== undefined) writeOutput('--svg', outputs.svg, renderSvg(trace, options));
  if (outputs.pdf !== undefined) writeOutput('--pdf', outputs.pdf, renderPdf(trace, options));
  return warning;
}

async function loadTrace(file: string): Promise<{ trace: Trace; warning: string | undefined }> {
  let source: FileSource | undefined;
  try {
    source = await FileSource.open(file);
    const reader = await TraceReader.open(source);
    const trace = new Trace(reader.meta);
    for await (const { records, text } of reader) trace.appendRecords(records, text);
    return { trace, warning: reader.end.damage?.sentence };
  } catch (error) {
    throw new ExportFault('source', `${file} is no trace that can be read: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    await source?.close();
  }
}

/** What was done, and what is wrong: to standard error, where standard output carries an export. */
function report(
  source: string,
  outputs: Outputs,
  end: ExportEnd | undefined,
  warning: string | undefined,
): void {
  if (warning !== undefined) process.stderr.write(`alertable: warning: ${source}: ${warning}\n`);
  if (end !== undefined && end.lostEvents > 0)
    process.stderr.write(
      `alertable: warning: ${end.lostEvents} events of this range were lost when it was recorded\n`,
    );
  const to = OUTPUTS.some((option) => outputs[option] === '-') ? process.stderr : process.stdout;
  if (end !== undefined) to.write(`${end.events} events\n`);
  for (const option of OUTPUTS) {
    const path = outputs[option];
    if (path !== undefined && path !== '-') to.write(`${option}: ${userPath(path)}\n`);
  }
}

function asFault({ part, message }: ExportFault, outputs: Outputs): CommandFault {
  if (part === 'range')
    return new CommandFault(ExitStatus.usage, `--from: ${message}; choose an earlier time`);
  if (part === 'source') return new CommandFault(ExitStatus.usage, message);
  const option = (Object.keys(TEXTS) as (keyof typeof TEXTS)[]).find((one) => TEXTS[one] === part.format)!;
  const remedy = outputs[option] === '-' ? 'name a file' : 'name a file in a folder that can be written';
  return new CommandFault(ExitStatus.usage, `--${option}: ${message}; ${remedy}`);
}
