import { existsSync, readdirSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { ExpectationOutcome } from '../../apc-model/app-api.ts';
import type { CompiledScenario } from '../../apc-model/compile.ts';
import { judge } from '../../apc-model/expectation.ts';
import { ScenarioError, measuresTime } from '../../apc-model/scenario.ts';
import { findEngine, type Engine, type EngineRun } from '../engines.ts';
import { findPlaces } from '../places.ts';
import { NOT_SCENARIOS, readScenarioFile } from '../scenarios.ts';
import { readArguments, readEngine, readNumber, userPath, withOptionalJson } from './arguments.ts';
import { CommandFault, ExitStatus } from './exit-status.ts';
import { interruptible } from './interruption.ts';
import { missingNeed } from './needs.ts';
import { writeOutput } from './output.ts';

/** What became of one file; `contracts.md` fixes the names. */
interface Result {
  file: string;
  title: string;
  engine: string;
  status: 'passed' | 'failed' | 'skipped' | 'differs';
  reason: string;
  expectations: Pick<ExpectationOutcome, 'index' | 'status' | 'expected' | 'actual'>[];
}

/** With what only the exit status needs. */
interface Outcome {
  result: Result;
  engineFailed: boolean;
}

/** `verify`: many scenarios on one engine. The worst of them is the exit status; skips beside passes are 0. */
export async function verifyVerb(args: string[]): Promise<ExitStatus> {
  const { values, positionals } = readArguments(withOptionalJson(args), {
    engine: { type: 'string' },
    jobs: { type: 'string' },
    json: { type: 'string' },
  });
  if (positionals.length === 0)
    throw new CommandFault(ExitStatus.usage, 'verify takes scenario files or folders, found none');
  const engineName = readEngine(values.engine);
  const jobs = readNumber('--jobs', values.jobs, 1, 64) ?? cpus().length;
  const files = positionals.flatMap((path) => scenarioFiles(path));
  const engine = findEngine(engineName, findPlaces());

  const bad: Result[] = [];
  const work: { file: string; compiled: CompiledScenario }[] = [];
  for (const file of files) {
    try {
      work.push({ file, compiled: readScenarioFile(file) });
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      const reason = error.problems.join('\n    ');
      bad.push({ file, title: file, engine: engine.label, status: 'failed', reason, expectations: [] });
    }
  }

  const outcomes = await interruptible((signal) => runAll(work, jobs, engine, signal));
  const results = [...bad, ...outcomes.map(({ result }) => result)];
  const count = (status: Result['status']): number => results.filter((one) => one.status === status).length;
  const counts = {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    differs: count('differs'),
  };
  if (values.json !== undefined)
    writeOutput('--json', values.json, `${JSON.stringify({ results, ...counts })}\n`);
  printResults(results, values.json === '-' ? process.stderr : process.stdout);
  if (outcomes.some(({ engineFailed }) => engineFailed)) return ExitStatus.engineFailed;
  if (bad.length > 0) return ExitStatus.usage;
  if (counts.failed > 0) return ExitStatus.expectationFailed;
  return counts.passed + counts.differs === 0 ? ExitStatus.notJudged : ExitStatus.held;
}

/** A file, or every scenario below a folder. */
function scenarioFiles(given: string): string[] {
  const path = userPath(given);
  if (!existsSync(path)) throw new CommandFault(ExitStatus.usage, `there is no file or folder ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && !NOT_SCENARIOS.has(file))
    .sort()
    .map((file) => join(path, file));
}

/** `jobs` at a time; those that measure time run alone, after the others. */
async function runAll(
  work: { file: string; compiled: CompiledScenario }[],
  jobs: number,
  engine: Engine,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const results = new Map<string, Outcome>();
  const runEach = async (queue: typeof work, width: number): Promise<void> => {
    const waiting = queue.slice();
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        signal.throwIfAborted();
        results.set(next.file, await runOne(next.file, next.compiled, engine, signal));
      }
    };
    await Promise.all(Array.from({ length: width }, worker));
  };
  await runEach(
    work.filter(({ compiled }) => !measuresTime(compiled.scenario)),
    jobs,
  );
  await runEach(
    work.filter(({ compiled }) => measuresTime(compiled.scenario)),
    1,
  );
  signal.throwIfAborted();
  return work.map(({ file }) => results.get(file)!);
}

async function runOne(
  file: string,
  compiled: CompiledScenario,
  engine: Engine,
  signal: AbortSignal,
): Promise<Outcome> {
  const base: Result = {
    file,
    title: compiled.scenario.title,
    engine: engine.label,
    status: 'failed',
    reason: '',
    expectations: [],
  };
  const skip = engine.reason ?? (await missingNeed(engine, compiled.scenario));
  if (skip !== undefined)
    return { result: { ...base, status: 'skipped', reason: skip }, engineFailed: false };
  let run: EngineRun;
  try {
    run = await engine.run(compiled, undefined, signal);
  } catch (error) {
    // One run that breaks off must not cost the verdicts on all the others.
    return {
      result: { ...base, reason: `the engine failed: ${(error as Error).message}` },
      engineFailed: true,
    };
  }
  const { status, expectations } = judge(compiled, run.trace);
  const lost = run.lost > 0 ? `${run.lost} events were lost (a ring was full): the trace is not whole` : '';
  const result: Result = {
    ...base,
    engine: run.trace.meta.engineLabel,
    status,
    reason: lost,
    expectations: expectations.map(({ index, status, expected, actual }) => ({
      index,
      status,
      expected,
      actual,
    })),
  };
  return { result, engineFailed: false };
}

function printResults(results: readonly Result[], to: NodeJS.WritableStream): void {
  const marks = { passed: '✓', failed: '✗', skipped: '–', differs: '≠' } as const;
  for (const one of results) {
    to.write(`${marks[one.status]} ${headline(one)}\n`);
    for (const { status, expected, actual } of one.expectations) {
      if (status !== 'passed') to.write(`    ${marks[status]} ${expected}\n      but: ${actual}\n`);
    }
  }
}

/** What is wrong with a bad file begins with its name. */
function headline({ file, title, engine, reason }: Result): string {
  if (title === file) return reason;
  return `${title} (${engine})${reason === '' ? '' : `: ${reason}`}`;
}
