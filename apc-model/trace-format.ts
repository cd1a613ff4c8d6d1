import { Bool, Dictionary, Field, Int64, List, Uint16, Uint32, Uint64, Uint8, Utf8 } from 'apache-arrow';
import { CALL_NAMES, KIND_NAMES } from './event.ts';
import type { TraceMeta } from './trace.ts';
import { TraceFileError } from './trace-file-error.ts';

/** What a trace file is, for those who write and read it; FORMAT.md is the same for people. */

/** Raised when a column, its meaning or a checksum changes; trace-upgrades.ts then gets a function more. */
export const TRACE_FORMAT_VERSION = 2;

/** Rows of one batch at the most (contracts.md). */
export const BATCH_ROWS = 16_384;
/** A writer closes a batch beyond these, so that one stays small however long its lists and texts are. */
export const BATCH_ARGUMENTS = 131_072;
export const BATCH_TEXT_BYTES = 1 << 20;

/** What a reader accepts. Of what a recorder writes, nothing comes near. */
export const LIMITS = {
  /** Bytes of a message's description: the schema carries the scenario's source. */
  schemaBytes: 64 << 20,
  descriptionBytes: 64 << 10,
  bodyBytes: 32 << 20,
  /** Three to each of 255 further records. */
  argumentsOfEvent: 765,
  /** One `defined` name or note. */
  textBytes: 0xffff,
  /** All of them together. */
  allTextBytes: 64 << 20,
} as const;

/** Ids of the two dictionaries in the file. */
export const KIND_DICTIONARY = 1;
export const CALL_DICTIONARY = 2;
export const KIND_TYPE = new Dictionary(new Utf8(), new Uint8(), KIND_DICTIONARY);
export const CALL_TYPE = new Dictionary(new Utf8(), new Uint8(), CALL_DICTIONARY);
export const ARGS_TYPE = new List(new Field('item', new Uint64(), false));
export const DICTIONARY_NAMES: Readonly<Record<number, readonly string[]>> = {
  [KIND_DICTIONARY]: KIND_NAMES,
  [CALL_DICTIONARY]: CALL_NAMES,
};

/** The columns, in order (contracts.md, "Events"). */
export const FIELDS = [
  new Field('index', new Uint32(), false),
  new Field('timeNs', new Int64(), false),
  new Field('thread', new Uint16(), false),
  new Field('kind', KIND_TYPE, false),
  new Field('call', CALL_TYPE, false),
  new Field('apc', new Uint32(), true),
  new Field('object', new Uint32(), true),
  new Field('result', new Uint32(), true),
  new Field('lastError', new Uint32(), true),
  new Field('value', new Uint64(), false),
  new Field('args', ARGS_TYPE, true),
  new Field('inferred', new Bool(), false),
  new Field('text', new Utf8(), true),
];

/** The same as arrow-message.ts reads them back. */
export const SHAPES = [
  'index: uint32',
  'timeNs: int64',
  'thread: uint16',
  'kind: dictionary<uint8, utf8, 1>',
  'call: dictionary<uint8, utf8, 2>',
  'apc: uint32?',
  'object: uint32?',
  'result: uint32?',
  'lastError: uint32?',
  'value: uint64',
  'args: list<uint64>?',
  'inferred: bool',
  'text: utf8?',
] as const;

/** Keys of the schema's metadata. */
export const META_KEYS = {
  version: 'alertable.version',
  engine: 'alertable.engine',
  engineLabel: 'alertable.engineLabel',
  os: 'alertable.os',
  startedUnixMs: 'alertable.startedUnixMs',
  clock: 'alertable.clock',
  title: 'alertable.title',
  scenario: 'alertable.scenario',
} as const;
/** What a reader takes of a line about the trace; the scenario may be longer. */
const MOST_META_LETTERS = 1000;
const CLOCK = 'monotonic nanoseconds since the session was opened';

export function writeMeta(meta: TraceMeta): Map<string, string> {
  return new Map([
    [META_KEYS.version, String(TRACE_FORMAT_VERSION)],
    [META_KEYS.engine, meta.engine],
    [META_KEYS.engineLabel, meta.engineLabel],
    [META_KEYS.os, meta.os],
    [META_KEYS.startedUnixMs, String(meta.startedUnixMs)],
    [META_KEYS.clock, CLOCK],
    [META_KEYS.title, meta.title],
    ...(meta.scenario === undefined ? [] : [[META_KEYS.scenario, meta.scenario] as const]),
  ]);
}

export function readMeta(metadata: ReadonlyMap<string, string>): TraceMeta {
  const get = (key: keyof typeof META_KEYS): string =>
    (metadata.get(META_KEYS[key]) ?? '').slice(0, MOST_META_LETTERS);
  const startedUnixMs = Number(get('startedUnixMs'));
  const scenario = metadata.get(META_KEYS.scenario);
  return {
    engine: get('engine'),
    engineLabel: get('engineLabel'),
    os: get('os'),
    // Beyond what a Date can tell there is no start.
    startedUnixMs: Math.abs(startedUnixMs) <= 8.64e15 ? startedUnixMs : 0,
    title: get('title'),
    ...(scenario === undefined ? {} : { scenario }),
  };
}

/** @throws a TraceFileError that says what the file is instead, or which version reads it */
export function readVersion(metadata: ReadonlyMap<string, string>): number {
  const text = metadata.get(META_KEYS.version);
  if (text === undefined)
    throw new TraceFileError('it is an Arrow stream, but not one of Alertable: it has no alertable.version');
  const version = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (version < 1) throw new TraceFileError(`its format version is "${text.slice(0, 20)}", which is none`);
  if (version > TRACE_FORMAT_VERSION) {
    throw new TraceFileError(
      `it has format version ${version} and this Alertable reads up to version ${TRACE_FORMAT_VERSION}: ` +
        `open it with an Alertable that reads version ${version}`,
    );
  }
  return version;
}

export function checkShapes(shapes: readonly string[]): void {
  const wrong = SHAPES.find((shape, at) => shapes[at] !== shape);
  if (wrong !== undefined)
    throw new TraceFileError(
      `a trace has the column ${wrong} where this has ${shapes[SHAPES.indexOf(wrong)] ?? 'none'}`,
    );
  if (shapes.length > SHAPES.length)
    throw new TraceFileError(`it has ${shapes.length} columns and a trace ${SHAPES.length}`);
}
