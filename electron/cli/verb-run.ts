import { existsSync, statSync } from 'node:fs';
import type { Verdict } from '../../apc-model/app-api.ts';
import type { CompiledScenario } from '../../apc-model/compile.ts';
import { durationText } from '../../apc-model/call-text.ts';
import { Kind } from '../../apc-model/event.ts';
import { judge } from '../../apc-model/expectation.ts';
import { logText } from '../../apc-model/log-text.ts';
import { columnRow, jsonLine } from '../../apc-model/trace-columns.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { findEngine, type EngineRun } from '../engines.ts';
import { findPlaces } from '../places.ts';
import { BuiltInScenarios, readScenarioFile } from '../scenarios.ts';
import { encodeTrace } from '../trace-bytes.ts';
import { readArguments, readEngine, readNumber, userPath } from './arguments.ts';
import { CommandFault, ExitStatus } from './exit-status.ts';
import { interruptible, type Interrupted } from './interruption.ts';
import { missingNeed } from './needs.ts';
import { checkOutputs, writeOutput } from './output.ts';

/** `run`: one scenario on one engine; its log, its verdict, and what was asked for of its trace. */
export async function runVerb(args: string[]): Promise<ExitStatus> {
  const { values, positionals } = readArguments(args, {
    engine: { type: 'string' },
    trace: { type: 'string' },
    json: { type: 'string' },
    png: { type: 'string' },
    svg: { type: 'string' },
    timeout: { type: 'string' },
  });
  if (positionals.length !== 1) {
    throw new CommandFault(
      ExitStatus.usage,
      `run takes one scenario (a file or a built-in name), found ${positionals.length}`,
    );
  }
  const places = findPlaces();
  const engineName = readEngine(values.engine);
  const timeoutS = readNumber('--timeout', values.timeout, 0.001, 3600);
  checkOutputs(
    { path: positionals[0]!, name: 'the scenario' },
    OUTPUTS.map((option) => [`--${option}`, values[option]]),
  );
  const compiled = readScenario(positionals[0]!, new BuiltInScenarios(places.scenarios));

  const engine = findEngine(engineName, places);
  if (engine.reason !== undefined) {
    throw new CommandFault(
      ExitStatus.notJudged,
      `the engine ${engineName} is not available here: ${engine.reason}`,
    );
  }
  const missing = await missingNeed(engine, compiled.scenario);
  if (missing !== undefined) throw new CommandFault(ExitStatus.notJudged, missing);
  const { run, interrupted } = await interruptible(async (signal) => ({
    run: await engine.run(compiled, timeoutS === undefined ? undefined : timeoutS * 1000, signal),
    interrupted: signal.reason as Interrupted | undefined,
  }));

  // Where standard output is asked for by an option, it carries that and nothing else.
  const taken = OUTPUTS.some((option) => values[option] === '-');
  const say = (line: string): void =>
    void (taken ? process.stderr : process.stdout).write(`${printable(line)}\n`);
  printRun(run, compiled, say);
  const verdict = judge(compiled, run.trace);
  // Of a part of a run nothing can be judged; what was recorded of it is kept.
  if (interrupted === undefined) printVerdict(verdict, say);

  if (values.json !== undefined) writeOutput('--json', values.json, jsonLines(run.trace));
  if (values.trace !== undefined) writeOutput('--trace', values.trace, encodeTrace(run.trace));
  if (values.png !== undefined || values.svg !== undefined) {
    // Skia is only loaded by who wants a picture.
    const { renderPng, renderSvg } = await import('../export.ts');
    if (values.png !== undefined)
      writeOutput('--png', values.png, await renderPng(run.trace, { fontsFolder: places.fonts }));
    if (values.svg !== undefined)
      writeOutput('--svg', values.svg, renderSvg(run.trace, { fontsFolder: places.fonts }));
  }
  if (interrupted !== undefined) throw interrupted;
  if (verdict.status === 'skipped') return ExitStatus.notJudged;
  return verdict.status === 'failed' ? ExitStatus.expectationFailed : ExitStatus.held;
}

const OUTPUTS = ['trace', 'json', 'png', 'svg'] as const;

/** A scenario's texts may hold anything: control characters do not reach the terminal. */
const printable = (line: string): string =>
  line.replace(/[^\P{Cc}\t]/gu, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** A path that exists is a file; anything else may be a built-in name. */
function readScenario(given: string, builtIn: BuiltInScenarios): CompiledScenario {
  const path = userPath(given);
  if (existsSync(path) && statSync(path).isFile()) return readScenarioFile(path);
  if (builtIn.file(given) !== undefined) return builtIn.read(given);
  if (existsSync(path)) {
    throw new CommandFault(
      ExitStatus.usage,
      `${path} is no file; "verify" takes folders, "run" takes one scenario file`,
    );
  }
  throw new CommandFault(
    ExitStatus.usage,
    `there is no file ${path}, and no built-in scenario "${given}"; built in: ${builtIn.names().join(', ')}`,
  );
}

function printRun(
  { trace, timedOut, lost }: EngineRun,
  compiled: CompiledScenario,
  say: (line: string) => void,
): void {
  const { table, meta } = trace;
  say(`${compiled.scenario.title}`);
  say(`engine: ${meta.engineLabel}, ${meta.os}`);
  for (let index = 0; index < table.length; index++) {
    if (table.kind(index) !== Kind.log) continue;
    say(`${stamp(table.timeNs(index))}  ${table.threadName(table.thread(index))}  ${logText(table, index)}`);
  }
  say(`${table.length} events in ${durationText(table.endNs)}, ${lost} lost`);
  if (timedOut) say('the run was cut off at its time limit; threads that still ran were ended by stop');
}

/** `   5.001 234 s` */
const stamp = (ns: number): string => `${(ns / 1e9).toFixed(6).padStart(12)} s`;

function printVerdict(verdict: Verdict, say: (line: string) => void): void {
  if (verdict.expectations.length === 0) return;
  const marks = { passed: '✓', failed: '✗', skipped: '–', differs: '≠' } as const;
  for (const one of verdict.expectations) {
    say(`${marks[one.status]} ${one.expected}`);
    if (one.status === 'passed') continue;
    say(`    but: ${one.actual}`);
    for (const event of one.around ?? []) say(`      ${event}`);
  }
  say(`verdict: ${verdict.status}`);
}

function jsonLines({ table }: Trace): string {
  const lines = Array.from({ length: table.length }, (_, index) => jsonLine(columnRow(table, index)));
  return lines.join('\n') + '\n';
}
