import { FlatTable, type Place } from './flatbuffer.ts';
import { TraceFileError } from './trace-file-error.ts';

/**
 * What Arrow says in front of each part of a stream (format/Message.fbs, format/Schema.fbs), as far as a trace needs it.
 * A message is: FF FF FF FF, the description's length (int32, with its padding), the description, the body.
 */

export type MessageType = 'schema' | 'dictionary' | 'batch';

/** Bytes in front of a message's description. */
export const PREFIX_BYTES = 8;
const CONTINUATION = 0xffffffff;
/** Custom metadata of every message: CRC-32 of the whole message, eight hex digits, counted as zeros themselves. */
export const CHECKSUM_KEY = 'crc32';
export const CHECKSUM_DIGITS = 8;

const TYPES: readonly (MessageType | undefined)[] = [undefined, 'schema', 'dictionary', 'batch'];
const MESSAGE = { headerType: 1, header: 2, bodyLength: 3, metadata: 4 };
const SCHEMA = { endianness: 0, fields: 1, metadata: 2 };
const FIELD = { name: 0, nullable: 1, typeKind: 2, type: 3, dictionary: 4, children: 5 };
const DICTIONARY = { id: 0, indexType: 1 };
const DICTIONARY_BATCH = { id: 0, data: 1, isDelta: 2 };
const BATCH = { rows: 0, nodes: 1, buffers: 2, compression: 3 };
const INT = { bitWidth: 0, isSigned: 1 };
const KEY_VALUE = { key: 0, value: 1 };
const MOST_METADATA = 64;
const MOST_FIELDS = 64;
const MOST_NAME_BYTES = 256;

/** A message's description. */
export interface MessageHead {
  type: MessageType;
  header: FlatTable;
  bodyLength: number;
  /** Where the checksum's digits lie, from the description's begin; undefined where there is none. */
  checksum: Place | undefined;
}

/** @returns the description's length; 0 is the end-of-stream mark */
export function readPrefix(prefix: Uint8Array): number {
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  if (view.getUint32(0, true) !== CONTINUATION)
    throw new TraceFileError('no message begins where one belongs');
  const length = view.getInt32(4, true);
  if (length < 0 || length % 8 !== 0) throw new TraceFileError('a message has an impossible length');
  return length;
}

export function readMessageHead(description: Uint8Array): MessageHead {
  const message = FlatTable.root(description);
  const type = TYPES[message.uint8(MESSAGE.headerType)];
  const header = message.table(MESSAGE.header);
  if (type === undefined || header === undefined) throw new TraceFileError('a message is of an unknown kind');
  const checksum = message
    .tables(MESSAGE.metadata, MOST_METADATA)
    .find((pair) => pair.text(KEY_VALUE.key, MOST_NAME_BYTES) === CHECKSUM_KEY)
    ?.textPlace(KEY_VALUE.value);
  return { type, header, bodyLength: message.size(MESSAGE.bodyLength), checksum };
}

/** A schema: the shape of each column (`index: uint32`, `apc: uint32?`), and its own metadata. */
export interface SchemaHead {
  shapes: string[];
  metadata: Map<string, string>;
}

/** @param mostText bytes of all values of its metadata together: many may claim the same ones */
export function readSchema(schema: FlatTable, mostText: number): SchemaHead {
  if (schema.int16(SCHEMA.endianness) !== 0) throw new TraceFileError('its numbers are big endian');
  const shapes = schema.tables(SCHEMA.fields, MOST_FIELDS).map(shapeOf);
  const metadata = new Map<string, string>();
  let left = mostText;
  for (const pair of schema.tables(SCHEMA.metadata, MOST_METADATA)) {
    const value = pair.text(KEY_VALUE.value, left) ?? '';
    left -= value.length;
    metadata.set(pair.text(KEY_VALUE.key, MOST_NAME_BYTES) ?? '', value);
  }
  return { shapes, metadata };
}

function shapeOf(field: FlatTable): string {
  const name = field.text(FIELD.name, MOST_NAME_BYTES) ?? '';
  const nullable = field.uint8(FIELD.nullable) !== 0 ? '?' : '';
  return `${name}: ${typeOf(field)}${nullable}`;
}

/** Two levels are all that a trace has: a list that holds lists is no column of it. */
function typeOf(field: FlatTable, isItem = false): string {
  const dictionary = field.table(FIELD.dictionary);
  const plain = plainTypeOf(field, isItem);
  if (dictionary === undefined) return plain;
  const index = dictionary.table(DICTIONARY.indexType);
  return `dictionary<${index === undefined ? 'int32' : intOf(index)}, ${plain}, ${dictionary.size(DICTIONARY.id)}>`;
}

function plainTypeOf(field: FlatTable, isItem: boolean): string {
  const kind = field.uint8(FIELD.typeKind);
  const type = field.table(FIELD.type);
  if (kind === 2 && type !== undefined) return intOf(type);
  if (kind === 5) return 'utf8';
  if (kind === 6) return 'bool';
  const [item] = field.tables(FIELD.children, 1);
  if (kind === 12 && item !== undefined && !isItem) return `list<${typeOf(item, true)}>`;
  return `type ${kind}`;
}

const intOf = (type: FlatTable): string =>
  `${type.uint8(INT.isSigned) !== 0 ? 'int' : 'uint'}${type.int32(INT.bitWidth)}`;

/** Where the parts of a batch lie in its body. */
export interface BatchLayout {
  rows: number;
  /** Of each column, and of each list's items behind it. */
  nodes: { length: number; nulls: number }[];
  buffers: Place[];
}

/** Checked: every buffer lies in the body, at a multiple of eight bytes. */
export function readBatchLayout(
  batch: FlatTable,
  bodyLength: number,
  nodeCount: number,
  bufferCount: number,
): BatchLayout {
  if (batch.table(BATCH.compression) !== undefined) throw new TraceFileError('it is compressed');
  const nodes = batch.sizePairs(BATCH.nodes, nodeCount).map(([length, nulls]) => ({ length, nulls }));
  const buffers = batch.sizePairs(BATCH.buffers, bufferCount).map(([at, length]) => ({ at, length }));
  for (const { at, length } of buffers) {
    if (at % 8 !== 0 || at + length > bodyLength) throw new TraceFileError('a part of it lies outside of it');
  }
  return { rows: batch.size(BATCH.rows), nodes, buffers };
}

export interface DictionaryHead {
  id: number;
  batch: FlatTable;
}
export function readDictionary(dictionary: FlatTable): DictionaryHead {
  const batch = dictionary.table(DICTIONARY_BATCH.data);
  if (batch === undefined || dictionary.uint8(DICTIONARY_BATCH.isDelta) !== 0)
    throw new TraceFileError('a list of names is not whole');
  return { id: dictionary.size(DICTIONARY_BATCH.id), batch };
}
