import {
  CHECKSUM_DIGITS,
  PREFIX_BYTES,
  readBatchLayout,
  readDictionary,
  readMessageHead,
  readPrefix,
  readSchema,
  type MessageHead,
} from './arrow-message.ts';
import { BATCH_BUFFERS, BATCH_NODES, readColumns, readTexts, type BatchColumns } from './batch-columns.ts';
import { RowError, recordsOfColumns, type EventRecords } from './column-records.ts';
import { crc32 } from './crc32.ts';
import { EventCheck } from './event-check.ts';
import type { EventIndex } from './event.ts';
import type { Place } from './flatbuffer.ts';
import {
  CALL_DICTIONARY,
  DICTIONARY_NAMES,
  KIND_DICTIONARY,
  LIMITS,
  TRACE_FORMAT_VERSION,
  checkShapes,
  readMeta,
  readVersion,
} from './trace-format.ts';
import { TraceCutError, TraceFileError } from './trace-file-error.ts';
import { UPGRADES, checksumOfColumns, isOverColumnsAlone } from './trace-upgrades.ts';
import type { TraceMeta } from './trace.ts';

/** One batch of a file: events in the form in which live ones travel too. */
export interface TraceBatch extends EventRecords {
  first: EventIndex;
  events: number;
  /** Where the batch lies in the file. */
  place: Place;
  /** Where its names begin in the text table of all batches before it. */
  firstText: number;
}

/** Where and why a file can't be read on. */
export interface TraceDamage {
  sentence: string;
  at: number;
  /** It simply ends there, in the midst of a batch; else something in it is wrong. */
  isCut: boolean;
}

/** How a file ended. */
export interface TraceEnd {
  /** Events that were read. */
  events: number;
  /** False where the recording was interrupted: its end-of-stream mark is missing, or it is damaged. */
  complete: boolean;
  /** Why reading stopped before the file's end, a sentence; `at` is the byte at which the damaged part begins. */
  damage: TraceDamage | undefined;
}

/** What a decoder needs next, or what it has found. */
export type DecodeStep = { need: Place } | { meta: TraceMeta } | { batch: TraceBatch };

/** From a dictionary's codes to our numbers: 255 where a code stands for nothing. */
type Codes = Uint8Array;
const NO_CODE = 255;

const EXPECTED_BUFFERS_OF_TEXTS = 3;
const MOST_NAMES = 255;
const ZEROS = new TextEncoder().encode('0'.repeat(CHECKSUM_DIGITS));

/**
 * Reads a trace file piece by piece, without touching a disk: each step either asks for bytes, which the caller passes to
 * `next`, or hands out what they held. The first find is the file's `meta`; before that it throws a TraceFileError where
 * the file is none that it can read. After that nothing is thrown: damage ends the reading and is told.
 * @param fileBytes the file's size: nothing is asked for beyond it, and nothing allocated that it can't hold
 */
export function* decodeSteps(fileBytes: number): Generator<DecodeStep, TraceEnd, Uint8Array> {
  const { version, metadata, end } = yield* readSchemaOf(fileBytes);
  yield { meta: readMeta(metadata) };

  const file = new FileState(version);
  let at = end;
  try {
    while (at < fileBytes) {
      const message = yield* readMessage(at, fileBytes, LIMITS.descriptionBytes);
      if (message === undefined) {
        at += PREFIX_BYTES;
        if (at < fileBytes) throw new TraceFileError('something follows its end');
        return { events: file.events, complete: true, damage: undefined };
      }
      const batch = file.take(message, at);
      if (batch !== undefined) yield { batch };
      at = message.end;
    }
    return { events: file.events, complete: false, damage: undefined };
  } catch (error) {
    if (!(error instanceof TraceFileError)) throw error;
    const event = file.events + (error instanceof RowError ? error.row : 0);
    const sentence = `The file is damaged after event ${event}, at byte ${at}: ${error.message}.`;
    return {
      events: file.events,
      complete: false,
      damage: { sentence, at, isCut: error instanceof TraceCutError },
    };
  }
}

/** What has to be known of a file before a batch in the midst of it can be read. */
export interface OpenedFile {
  version: number;
  codes: ReadonlyMap<number, Codes>;
}

/** Reads as far as the lists of names, which come before the first batch. Throws as decodeSteps does. */
export function* openSteps(fileBytes: number): Generator<DecodeStep, OpenedFile, Uint8Array> {
  const { version, end } = yield* readSchemaOf(fileBytes);
  const file = new FileState(version);
  for (let at = end; at < fileBytes;) {
    const message = yield* readMessage(at, fileBytes, LIMITS.descriptionBytes);
    if (message?.head.type !== 'dictionary') break;
    file.take(message, at);
    at = message.end;
  }
  return { version, codes: file.codes };
}

/**
 * Reads one batch of which it is known where it begins and with which event; its names are in a table of their own.
 * @throws a TraceFileError where it is not there, or damaged
 */
export function* batchSteps(
  { version, codes }: OpenedFile,
  at: number,
  first: EventIndex,
  fileBytes: number,
): Generator<DecodeStep, TraceBatch, Uint8Array> {
  const message = yield* readMessage(at, fileBytes, LIMITS.descriptionBytes);
  const batch = message && new FileState(version, codes, first).take(message, at);
  if (batch === undefined) throw new TraceFileError('no batch is where one was');
  return batch;
}

function* readSchemaOf(
  fileBytes: number,
): Generator<DecodeStep, { version: number; metadata: Map<string, string>; end: number }, Uint8Array> {
  const opening = yield* readOpening(fileBytes);
  const { shapes, metadata } = readSchema(opening.head.header, opening.description.length);
  const version = readVersion(metadata);
  checkShapes(shapes);
  if (!isOverColumnsAlone(version)) checkSum(opening);
  return { version, metadata, end: opening.end };
}

function* readOpening(fileBytes: number): Generator<DecodeStep, FileMessage, Uint8Array> {
  try {
    const opening = yield* readMessage(0, fileBytes, LIMITS.schemaBytes);
    if (opening?.head.type === 'schema') return opening;
  } catch (error) {
    if (error instanceof TraceFileError)
      throw new TraceFileError(`it does not begin as an Arrow IPC stream does: ${error.message}`, {
        cause: error,
      });
    throw error;
  }
  throw new TraceFileError('it does not begin as an Arrow IPC stream does');
}

interface FileMessage {
  prefix: Uint8Array;
  description: Uint8Array;
  body: Uint8Array;
  head: MessageHead;
  end: number;
}

/** @returns undefined at the end-of-stream mark */
function* readMessage(
  at: number,
  fileBytes: number,
  mostDescription: number,
): Generator<DecodeStep, FileMessage | undefined, Uint8Array> {
  const within = (length: number, from: number): Place => {
    if (from + length > fileBytes) throw new TraceCutError();
    return { at: from, length };
  };
  const prefix = yield { need: within(PREFIX_BYTES, at) };
  const descriptionBytes = readPrefix(prefix);
  if (descriptionBytes === 0) return undefined;
  if (descriptionBytes > mostDescription)
    throw new TraceFileError(`a description of ${descriptionBytes} bytes is longer than any`);
  const description = yield { need: within(descriptionBytes, at + PREFIX_BYTES) };
  const head = readMessageHead(description);
  if (head.bodyLength > LIMITS.bodyBytes || head.bodyLength % 8 !== 0)
    throw new TraceFileError(`a body of ${head.bodyLength} bytes is none that a trace has`);
  const bodyAt = at + PREFIX_BYTES + descriptionBytes;
  const body = aligned(yield { need: within(head.bodyLength, bodyAt) });
  return { prefix, description, body, head, end: bodyAt + head.bodyLength };
}

/** CRC-32 of a message, its own digits counted as zeros. Shared with the writer. */
export function checksumOfMessage(
  prefix: Uint8Array,
  description: Uint8Array,
  body: Uint8Array,
  digits: Place,
): string {
  let crc = crc32(prefix);
  crc = crc32(description.subarray(0, digits.at), crc);
  crc = crc32(ZEROS, crc);
  crc = crc32(description.subarray(digits.at + digits.length), crc);
  return crc32(body, crc).toString(16).padStart(CHECKSUM_DIGITS, '0');
}

function checkSum({ prefix, description, body, head }: FileMessage): void {
  const digits = head.checksum;
  if (digits?.length !== CHECKSUM_DIGITS) throw new TraceFileError('a part has no checksum');
  const written = new TextDecoder().decode(description.subarray(digits.at, digits.at + digits.length));
  const found = checksumOfMessage(prefix, description, body, digits);
  if (written !== found) throw wrongSum(written, found);
}

const wrongSum = (written: string | undefined, found: string): TraceFileError =>
  new TraceFileError(`a checksum fails (${written ?? 'none'} is written, ${found} was read)`);

/** What has been learned from one file so far. */
class FileState {
  events: EventIndex;
  readonly codes: Map<number, Codes>;
  #texts = 0;
  readonly #version: number;
  readonly #check: EventCheck;
  readonly #upgrades: ((columns: BatchColumns) => void)[] = [];

  constructor(version: number, codes: ReadonlyMap<number, Codes> = new Map(), first: EventIndex = 0) {
    this.#version = version;
    this.codes = new Map(codes);
    this.events = first;
    this.#check = new EventCheck(first);
    for (let from = version; from < TRACE_FORMAT_VERSION; from++) this.#upgrades.push(UPGRADES[from]!());
  }

  take(message: FileMessage, at: number): TraceBatch | undefined {
    if (!isOverColumnsAlone(this.#version)) checkSum(message);
    if (message.head.type === 'schema') throw new TraceFileError('a second schema is in it');
    if (message.head.type === 'dictionary') {
      this.#learnCodes(message);
      return undefined;
    }
    const columns = this.#columns(message);
    const first = this.events;
    for (let row = 0; row < columns.rows; row++) {
      if (columns.index[row] !== (first + row) >>> 0)
        throw new TraceFileError(`event ${columns.index[row]} stands where ${first + row} belongs`);
    }
    this.#translate(columns.kind, KIND_DICTIONARY);
    this.#translate(columns.call, CALL_DICTIONARY);
    for (const upgrade of this.#upgrades) upgrade(columns);
    const firstText = this.#texts;
    const { records, text } = recordsOfColumns(columns, this.#check, firstText);
    this.#texts += text.length;
    this.events += columns.rows;
    return { first, events: columns.rows, records, text, firstText, place: { at, length: message.end - at } };
  }

  #columns({ head, body, description }: FileMessage): BatchColumns {
    const columns = readColumns(body, readBatchLayout(head.header, body.length, BATCH_NODES, BATCH_BUFFERS));
    if (!isOverColumnsAlone(this.#version)) return columns;
    const { checksum } = head;
    const written =
      checksum && new TextDecoder().decode(description.subarray(checksum.at, checksum.at + checksum.length));
    const found = checksumOfColumns(columns).toString(16).padStart(CHECKSUM_DIGITS, '0');
    if (written !== found) throw wrongSum(written?.slice(0, CHECKSUM_DIGITS), found);
    return columns;
  }

  #learnCodes({ head, body }: FileMessage): void {
    const { id, batch } = readDictionary(head.header);
    const names = DICTIONARY_NAMES[id];
    if (names === undefined || this.codes.has(id))
      throw new TraceFileError('a list of names belongs to no column');
    const texts = readTexts(
      body,
      readBatchLayout(batch, body.length, 1, EXPECTED_BUFFERS_OF_TEXTS),
      MOST_NAMES,
    );
    const codes = new Uint8Array(256).fill(NO_CODE);
    texts.forEach((text, code) => {
      const number = names.indexOf(text);
      if (number >= 0) codes[code] = number;
    });
    this.codes.set(id, codes);
  }

  /** From the file's codes to our numbers, in place. */
  #translate(column: Uint8Array, dictionary: number): void {
    const codes = this.codes.get(dictionary);
    if (codes === undefined) throw new TraceFileError('its list of names is missing');
    for (let row = 0; row < column.length; row++) {
      const number = codes[column[row]!]!;
      if (number === NO_CODE)
        throw new RowError(row, new TraceFileError(`it has a name that is not known (${column[row]})`));
      column[row] = number;
    }
  }
}

/** Columns are seen as 32-bit words: their bytes must begin at a multiple of eight. */
const aligned = (bytes: Uint8Array): Uint8Array =>
  bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
