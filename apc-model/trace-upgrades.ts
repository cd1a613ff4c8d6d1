import { hasBit, type BatchColumns } from './batch-columns.ts';
import { crc32 } from './crc32.ts';
import { DefinedClass, Kind, SUBJECT_NONE } from './event.ts';
import { formatLog } from './log-text.ts';

/** What older formats had otherwise; FORMAT.md has their history. */

/** Changes a batch of one version into one of the next, in place. Made anew for each file: it may remember. */
export type Upgrade = () => (columns: BatchColumns) => void;

/** By the version that they start from. */
export const UPGRADES: Readonly<Record<number, Upgrade>> = { 1: giveLogsTheirTemplates };

/** Until version 1 a batch's checksum was over its columns alone, and schema and dictionaries had none. */
export const isOverColumnsAlone = (version: number): boolean => version === 1;

/** Version 1: CRC-32 over every buffer of the columns in order, without padding. */
export function checksumOfColumns(columns: BatchColumns): number {
  let crc = 0;
  const add = (...parts: (ArrayBufferView | undefined)[]): void => {
    for (const part of parts)
      if (part !== undefined) crc = crc32(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), crc);
  };
  const { index, timeNs, thread, kind, call, value, args, inferred, text } = columns;
  add(index, timeNs, thread, kind, call);
  for (const { valid, values } of [columns.apc, columns.object, columns.result, columns.lastError])
    add(valid, values);
  add(value, args.valid, args.offsets, args.values, inferred, text.valid, text.offsets, text.bytes);
  return crc;
}

/**
 * 1 to 2: a log event's value has its template's id in the low half. Version 1 wrote the finished line and forgot the id;
 * of the templates defined before it, any one that gives the same line is as good.
 */
function giveLogsTheirTemplates(): (columns: BatchColumns) => void {
  const templates = new Map<number, string>();
  const utf8 = new TextDecoder();
  return ({ rows, kind, object, value, args, text }) => {
    const textAt = (row: number): string =>
      utf8.decode(text.bytes.subarray(text.offsets[row], text.offsets[row + 1]));
    for (let row = 0; row < rows; row++) {
      if (kind[row] === Kind.defined && (value[row * 2]! & 0xff) === DefinedClass.text)
        templates.set(object.values[row]!, textAt(row));
      if (kind[row] !== Kind.log) continue;
      const isNamed = text.valid === undefined || hasBit(text.valid, row);
      value[row * 2] = isNamed ? templateOf(textAt(row), row, args, templates) : SUBJECT_NONE;
    }
  };
}

function templateOf(
  line: string,
  row: number,
  { offsets, values }: BatchColumns['args'],
  templates: ReadonlyMap<number, string>,
): number {
  const given: bigint[] = [];
  for (let item = offsets[row]!; item < offsets[row + 1]!; item++)
    given.push((BigInt(values[item * 2 + 1]!) << 32n) | BigInt(values[item * 2]!));
  for (const [id, template] of templates) if (formatLog(template, given) === line) return id;
  return SUBJECT_NONE;
}
