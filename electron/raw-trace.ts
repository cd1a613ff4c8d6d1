import { RECORD_BYTES } from '../apc-model/event.ts';
import { Trace } from '../apc-model/trace.ts';
import { parseEngineInfo, type EngineInfo } from './native/bridge.ts';

/** What apc-run leaves: native-bridge/test/apc-run.c says how it lies in the file. */
export interface RawRun {
  engine: EngineInfo;
  trace: Trace;
  /** undefined where the program ended before its last words. */
  final: { timedOut: boolean; lost: number; published: number } | undefined;
}

const MAGIC = 'APCRAW1\n';
const FINAL = 0xffffffff;

/** Reads what apc-run wrote, as far as it is whole. */
export function readRawRun(bytes: Uint8Array, title: string, scenario: string): RawRun {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number): string =>
    new TextDecoder().decode(bytes.subarray(at, at + length));
  if (bytes.length < 12 || text(0, 8) !== MAGIC)
    throw new Error('apc-run left no trace: the file does not begin with its mark');
  const engineBytes = view.getUint32(8, true);
  const engine = parseEngineInfo(text(12, engineBytes));
  let at = 12 + engineBytes;
  const openedUnixNs = view.getBigUint64(at, true);
  at += 8;
  const trace = new Trace({
    engine: engine.engine,
    engineLabel: engine.label,
    os: engine.os,
    startedUnixMs: Number(openedUnixNs / 1_000_000n),
    title,
    scenario,
  });
  while (at + 8 <= bytes.length) {
    const count = view.getUint32(at, true);
    const textBytes = view.getUint32(at + 4, true);
    at += 8;
    if (count === FINAL) {
      const final = JSON.parse(text(at, textBytes)) as NonNullable<RawRun['final']>;
      return { engine, trace, final };
    }
    const recordBytes = count * RECORD_BYTES;
    if (at + recordBytes + textBytes > bytes.length) break;
    trace.appendRecords(
      bytes.subarray(at, at + recordBytes),
      bytes.subarray(at + recordBytes, at + recordBytes + textBytes),
    );
    at += recordBytes + textBytes;
  }
  return { engine, trace, final: undefined };
}
