import { compile, type CompiledScenario } from '../apc-model/compile.ts';
import { DEFAULT_TIMEOUT_MS } from '../apc-model/scenario.ts';
import { Trace } from '../apc-model/trace.ts';
import { NativeEngine, type EngineInfo } from './native/bridge.ts';
import type { Places } from './places.ts';
import { Session } from './session.ts';
import { runUnderWine, whyNoWine } from './wine-run.ts';

export type EngineName = 'posix' | 'win32';
export const ENGINE_NAMES: readonly EngineName[] = ['posix', 'win32'];

/** A run's whole trace, and whether it was cut off. */
export interface EngineRun {
  trace: Trace;
  timedOut: boolean;
  /** Events lost because a ring was full. */
  lost: number;
}

/** An engine as this machine has it: loaded here, under Wine, or not at all. */
export interface Engine {
  name: EngineName;
  label: string;
  /** Why it can't run here; undefined where it can. */
  reason: string | undefined;
  /** What it is and can do; under Wine this asks the library there, in a short run. */
  describe: () => Promise<EngineInfo>;
  /** @param signal ends the run early when it is aborted: what was published until then is there */
  run: (compiled: CompiledScenario, timeoutMs?: number, signal?: AbortSignal) => Promise<EngineRun>;
}

/** The engine of this system's own API: win32 on Windows, posix elsewhere. */
export const ownEngine: EngineName = process.platform === 'win32' ? 'win32' : 'posix';

/** Finds an engine. Never throws: what stands in its way is its `reason`. */
export function findEngine(name: EngineName, places: Places): Engine {
  if (name !== ownEngine)
    return name === 'win32' ? wineEngine(places) : absent(name, 'the posix engine is not built on Windows');
  let native: NativeEngine;
  try {
    native = new NativeEngine(places.native);
  } catch (error) {
    return absent(name, (error as Error).message);
  }
  return {
    name,
    label: native.info.label,
    reason: undefined,
    describe: () => Promise.resolve(native.info),
    run: (compiled, timeoutMs, signal) => runHere(native, compiled, timeoutMs, signal),
  };
}

function wineEngine(places: Places): Engine {
  const reason = whyNoWine(places);
  if (reason !== undefined) return absent('win32', reason);
  let described: Promise<EngineInfo> | undefined;
  return {
    name: 'win32',
    label: 'win32 on Wine',
    reason: undefined,
    describe() {
      const nothing = compile({ alertable: 1, title: 'nothing' });
      described ??= runUnderWine(places, nothing, '', DEFAULT_TIMEOUT_MS).then(({ engine }) => engine);
      return described;
    },
    async run(compiled, timeoutMs, signal) {
      const { trace, final } = await runUnderWine(
        places,
        compiled,
        JSON.stringify(compiled.scenario),
        timeoutMs ?? compiled.scenario.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        signal,
      );
      return { trace, timedOut: final?.timedOut ?? false, lost: final?.lost ?? 0 };
    },
  };
}

const absent = (name: EngineName, reason: string): Engine => ({
  name,
  label: name === 'posix' ? 'posix emulation' : 'win32',
  reason,
  describe: () => Promise.reject(new Error(reason)),
  run: () => Promise.reject(new Error(reason)),
});

async function runHere(
  engine: NativeEngine,
  compiled: CompiledScenario,
  timeoutMs?: number,
  signal?: AbortSignal,
): Promise<EngineRun> {
  const parts: { records: Uint8Array; text: Uint8Array }[] = [];
  const session = new Session(engine, compiled, { take: (drained) => parts.push(drained) }, timeoutMs);
  const stop = (): void => void session.stop();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  const { timedOut } = await session.runEnded;
  await session.stop();
  signal?.removeEventListener('abort', stop);
  const { lost } = session.status;
  await session.close();
  const trace = new Trace(session.meta);
  for (const { records, text } of parts) trace.appendRecords(records, text);
  return { trace, timedOut, lost };
}
