import type { ExpectationOutcome, Verdict } from './app-api.ts';
import { resultText } from './call-results.ts';
import { durationText } from './call-text.ts';
import type { CompiledScenario } from './compile.ts';
import { describeEvent } from './event-text.ts';
import { Call, END_REASON_NAMES, Kind, type EventIndex } from './event.ts';
import { applies } from './expectation-engine.ts';
import { baseName } from './expectation-names.ts';
import { objectChecks, type Check } from './expectation-objects.ts';
import { collectInstances, type ApcRun, type CallInstance, type Instances } from './instances.ts';
import { logText } from './log-text.ts';
import type { Expectation, Scenario } from './scenario.ts';
import type { Trace } from './trace.ts';
import { errorName, numberOfName } from './win32-names.ts';

/** Judges a run by its scenario's expectations: partial order and results, read from the events alone. */
export function judge(compiled: CompiledScenario, trace: Trace): Verdict {
  const { scenario } = compiled;
  const lost = trace.history.atCount(trace.table.length).lostEvents;
  if (lost > 0) return notJudged(scenario, `${lost} events were lost because a thread's ring was full`);
  const context: Context = { compiled, trace, instances: collectInstances(trace) };
  const expectations = (scenario.expect ?? []).map((expectation, index) =>
    outcome(context, expectation, index),
  );
  const differing = scenario.differs?.find(
    (one) => one.engine === trace.meta.engine && applies(one.on, trace.meta.engineLabel),
  );
  if (differing !== undefined && expectations.some((one) => one.status === 'failed')) {
    // A documented difference: what fails is accepted if what is documented instead holds.
    const documented = differing.expect.map((expectation, index) => outcome(context, expectation, index));
    if (documented.every((one) => one.status === 'passed')) {
      for (const one of expectations) if (one.status === 'failed') one.status = 'differs';
    }
  }
  const failed = expectations.some((one) => one.status === 'failed');
  const differs = expectations.some((one) => one.status === 'differs');
  return { status: failed ? 'failed' : differs ? 'differs' : 'passed', expectations };
}

/**
 * Where events are missing, what seems not to have happened may have, and an engine that lacks a call can't show what it
 * does: nothing is said of it.
 */
export function notJudged({ expect = [] }: Scenario, reason: string): Verdict {
  const actual = `not judged: ${reason}`;
  return {
    status: 'skipped',
    reason,
    expectations: expect.map((one, index) => ({
      index,
      status: 'skipped',
      expected: JSON.stringify(one),
      actual,
    })),
  };
}

interface Context {
  compiled: CompiledScenario;
  trace: Trace;
  instances: Instances;
}

function outcome(context: Context, expectation: Expectation, index: number): ExpectationOutcome {
  const checks = checksOf(context, expectation);
  const broken = checks.find((check) => !check.holds);
  return {
    index,
    status: broken === undefined ? 'passed' : 'failed',
    expected: checks.map((check) => check.expected).join('; '),
    actual: checks.map((check) => check.actual).join('; '),
    ...(broken?.near === undefined ? {} : { around: around(context.trace, broken.near) }),
  };
}

function checksOf(context: Context, expectation: Expectation): Check[] {
  if ('call' in expectation) return callChecks(context, expectation);
  if ('apc' in expectation) return apcChecks(context, expectation);
  if ('order' in expectation) return orderChecks(context, expectation.order);
  if ('log' in expectation) return logChecks(context, expectation.log, expectation.on);
  if ('object' in expectation) return objectChecks(context.trace, expectation);
  return threadChecks(context, expectation);
}

function callChecks(context: Context, wanted: Extract<Expectation, { call: string }>): Check[] {
  const all = callsNamed(context, wanted.call);
  const returned = all.filter((one) => one.returned !== undefined);
  const checks: Check[] = [];
  const site = context.compiled.sites.find((one) => one.as === baseName(wanted.call));
  const shown = (value: number): string => resultText(Call[site?.call ?? 'none'], value);
  if (Array.isArray(wanted.returns)) {
    const numbers = wanted.returns.map(toNumber);
    const actual = returned.map((one) => one.result!);
    checks.push({
      expected: `${wanted.call} returns ${numbers.map(shown).join(', ')}`,
      actual: `it returned ${actual.map(shown).join(', ') || 'never'}`,
      holds: numbers.length === actual.length && numbers.every((number, at) => number === actual[at]),
      near: all.at(-1)?.began,
    });
  }
  const one = all[0];
  const near = one?.returned ?? one?.began;
  const unseen = one === undefined ? 'the call was never made' : 'the call never returned';
  const about = (
    expected: string,
    actual: (one: CallInstance) => string,
    holds: (one: CallInstance) => boolean,
  ): void => {
    const seen = one?.returned !== undefined;
    checks.push({ expected, actual: seen ? actual(one) : unseen, holds: seen && holds(one), near });
  };
  if (wanted.returns !== undefined && !Array.isArray(wanted.returns)) {
    const number = toNumber(wanted.returns);
    about(
      `${wanted.call} returns ${typeof wanted.returns === 'string' ? wanted.returns : shown(number)}`,
      (call) => `it returned ${shown(call.result!)} after ${tookText(call)}`,
      (call) => call.result === number,
    );
  }
  if (wanted.lastError !== undefined) {
    const number = toNumber(wanted.lastError);
    about(
      `last error ${typeof wanted.lastError === 'string' ? wanted.lastError : errorText(number)}`,
      (call) => `last error ${errorText(call.lastError!)}`,
      (call) => call.lastError === number,
    );
  }
  const { withinMs, notBeforeMs } = wanted;
  if (withinMs !== undefined) {
    about(
      `${wanted.call} takes at most ${withinMs} ms`,
      (call) => `it took ${tookText(call)}`,
      (call) => tookNs(call) <= withinMs * 1e6,
    );
  }
  if (notBeforeMs !== undefined) {
    about(
      `${wanted.call} takes at least ${notBeforeMs} ms`,
      (call) => `it took ${tookText(call)}`,
      (call) => tookNs(call) >= notBeforeMs * 1e6,
    );
  }
  if (checks.length === 0)
    about(
      `${wanted.call} returns`,
      () => 'it returned',
      () => true,
    );
  return checks;
}

function apcChecks(context: Context, wanted: Extract<Expectation, { apc: string }>): Check[] {
  const calls = callsNamed(context, wanted.apc);
  const ids = new Set(calls.flatMap((call) => call.apcs));
  const runs = context.instances.runs.filter((run) => ids.has(run.apc));
  const near = runs[0]?.began ?? calls[0]?.began;
  const wantedRuns = wanted.runs ?? (wanted.on !== undefined || wanted.during !== undefined ? undefined : 1);
  const checks: Check[] = [];
  if (wantedRuns !== undefined) {
    checks.push({
      expected:
        wantedRuns === 0 ? `APC ${wanted.apc} never runs` : `APC ${wanted.apc} runs ${times(wantedRuns)}`,
      actual:
        calls.length === 0
          ? 'it was never queued'
          : runs.length === 0
            ? 'it never ran'
            : `it ran ${times(runs.length)}`,
      holds: calls.length > 0 && runs.length === wantedRuns,
      near,
    });
  }
  if (wanted.on !== undefined) {
    const threads = [...new Set(runs.map((run) => context.trace.table.threadName(run.thread)))];
    checks.push({
      expected: `on ${wanted.on}`,
      actual: threads.length === 0 ? 'it never ran' : `on ${threads.join(', ')}`,
      holds: threads.length === 1 && threads[0] === wanted.on,
      near,
    });
  }
  if (wanted.during !== undefined) {
    const during = callsNamed(context, wanted.during);
    const inside = (run: ApcRun): boolean => run.during.some((call) => during.includes(call));
    checks.push({
      expected: `during ${wanted.during}`,
      actual:
        runs.length === 0
          ? 'it never ran'
          : runs.every(inside)
            ? `during ${wanted.during}`
            : `not during ${wanted.during}`,
      holds: runs.length > 0 && runs.every(inside),
      near,
    });
  }
  return checks;
}

function orderChecks(context: Context, names: readonly string[]): Check[] {
  const moments = names.map((text) => ({ text, at: momentOf(context, text) }));
  const seen = moments.filter((one) => one.at !== undefined).sort((a, b) => a.at! - b.at!);
  const missing = moments.filter((one) => one.at === undefined).map((one) => one.text);
  const holds = missing.length === 0 && moments.every((one, i) => i === 0 || moments[i - 1]!.at! < one.at!);
  return [
    {
      expected: `order: ${names.join(', ')}`,
      actual: `order: ${seen.map((one) => one.text).join(', ') || 'none of them'}${missing.length === 0 ? '' : `; never: ${missing.join(', ')}`}`,
      holds,
      near: seen[0]?.at,
    },
  ];
}

function logChecks(context: Context, wanted: readonly string[], on: string | undefined): Check[] {
  const { table } = context.trace;
  const lines: string[] = [];
  let last: EventIndex | undefined;
  for (let index = 0; index < table.length; index++) {
    if (table.kind(index) !== Kind.log) continue;
    if (on !== undefined && table.threadName(table.thread(index)) !== on) continue;
    lines.push(logText(table, index));
    last = index;
  }
  return [
    {
      expected: `log${on === undefined ? '' : ` of ${on}`}: ${quoted(wanted)}`,
      actual: `log: ${quoted(lines)}`,
      holds: lines.length === wanted.length && lines.every((line, at) => linePattern(wanted[at]!).test(line)),
      near: last,
    },
  ];
}

function threadChecks(context: Context, wanted: Extract<Expectation, { thread: string }>): Check[] {
  const { trace } = context;
  const thread = trace.history.atCount(trace.table.length).threads.find((one) => one.name === wanted.thread);
  const checks: Check[] = [];
  const about = (expected: string, actual: string, holds: boolean): void => {
    checks.push({
      expected: checks.length === 0 ? `${wanted.thread}: ${expected}` : expected,
      actual,
      holds: thread !== undefined && holds,
    });
  };
  const ended = thread?.endReason !== undefined;
  if (wanted.exitCode !== undefined) {
    const number = toNumber(wanted.exitCode);
    about(
      `exit code ${String(wanted.exitCode)}`,
      ended ? `exit code ${thread.exitCode}` : 'it has not ended',
      ended && thread.exitCode === number,
    );
  }
  if (wanted.ended !== undefined) {
    const reason = END_REASON_NAMES[thread?.endReason ?? 0] ?? '';
    about(`ended: ${wanted.ended}`, ended ? `ended: ${reason}` : 'it has not ended', reason === wanted.ended);
  }
  if (wanted.lost !== undefined)
    about(
      `${apcs(wanted.lost)} lost`,
      `${thread?.counts.lost ?? 0} lost`,
      thread?.counts.lost === wanted.lost,
    );
  if (wanted.delivered !== undefined) {
    about(
      `${apcs(wanted.delivered)} delivered`,
      `${thread?.counts.delivered ?? 0} delivered`,
      thread?.counts.delivered === wanted.delivered,
    );
  }
  return checks;
}

/** The instances that `drain` (all, in order) or `drain#2` (that one) names. */
function callsNamed(context: Context, text: string): CallInstance[] {
  const site = context.compiled.sites.findIndex((one) => one.as === baseName(text));
  const all = context.instances.bySite.get(site) ?? [];
  const number = /#(\d+)/.exec(text)?.[1];
  return number === undefined ? all : all.slice(Number(number) - 1, Number(number));
}

/** A call's return; an APC's begin; or exactly what `:begin`, `:end`, `:return` say. Of the first instance unless numbered. */
function momentOf(context: Context, text: string): EventIndex | undefined {
  const instance = callsNamed(context, text)[0];
  if (instance === undefined) return undefined;
  const hasApc = instance.apcs.length > 0;
  const run = context.instances.runs.find((one) => instance.apcs.includes(one.apc));
  switch (/:(\w+)$/.exec(text)?.[1]) {
    case 'return':
      return instance.returned;
    case 'begin':
      return hasApc ? run?.began : instance.began;
    case 'end':
      return hasApc ? run?.ended : instance.returned;
    default:
      return hasApc ? run?.began : instance.returned;
  }
}

/** A wanted line, in which `{threadId}` and the like stand for any number. */
function linePattern(line: string): RegExp {
  const escaped = line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\\\{[A-Za-z_][A-Za-z0-9_]*\\\}/g, '-?\\d+')}$`);
}

/** The few events around one, in words. */
function around(trace: Trace, near: EventIndex): string[] {
  const from = Math.max(0, near - 3);
  const to = Math.min(trace.table.length, near + 4);
  return Array.from({ length: to - from }, (_, at) => describeEvent(trace.table, from + at));
}

const toNumber = (given: number | string): number =>
  typeof given === 'number' ? given : (numberOfName(given) ?? Number.NaN);
/** `ERROR_BROKEN_PIPE (109)`, or the number alone where it has no name. */
function errorText(error: number): string {
  const name = errorName(error);
  return error === 0 || name === String(error) ? String(error) : `${name} (${error})`;
}
const tookNs = (call: CallInstance): number => call.returnedNs! - call.beganNs;
const tookText = (call: CallInstance): string => durationText(tookNs(call));
const apcs = (count: number): string => (count === 1 ? '1 APC' : `${count} APCs`);
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
const quoted = (lines: readonly string[]): string =>
  lines.map((line) => JSON.stringify(line)).join(', ') || '(nothing)';
