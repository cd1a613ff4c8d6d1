import { CHUNK_ROWS, EventTable } from '../apc-model/event-table.ts';
import { TraceEncoder } from '../apc-model/trace-file.ts';
import type { Trace } from '../apc-model/trace.ts';

/** A whole trace as the bytes of a trace file. */
export function encodeTrace(trace: Trace): Uint8Array {
  const encoder = new TraceEncoder(trace.meta);
  const parts: Uint8Array[] = [];
  let batch = new EventTable();
  for (let index = 0; index < trace.table.length; index++) {
    const row = trace.table.row(index);
    batch.appendRow(row);
    if (batch.length === CHUNK_ROWS) {
      parts.push(encoder.encode(batch));
      batch = batch.successor();
    }
  }
  if (batch.length > 0) parts.push(encoder.encode(batch));
  parts.push(encoder.end());
  return Buffer.concat(parts);
}
