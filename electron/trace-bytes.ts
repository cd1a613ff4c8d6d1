import { recordsOfTable } from '../apc-model/table-records.ts';
import { TraceEncoder } from '../apc-model/trace-encoder.ts';
import type { Trace } from '../apc-model/trace.ts';

/** Events that are turned into records at a time. */
const STRIDE = 16_384;

/** A whole trace as the bytes of a trace file. */
export function encodeTrace({ meta, table }: Trace): Uint8Array {
  const encoder = new TraceEncoder(meta);
  const parts: Uint8Array[] = [];
  for (let from = 0; from < table.length; from += STRIDE) {
    const { records, text } = recordsOfTable(table, from, Math.min(from + STRIDE, table.length));
    parts.push(...encoder.append(records, text).map(({ bytes }) => bytes));
  }
  return Buffer.concat([...parts, encoder.end()]);
}
