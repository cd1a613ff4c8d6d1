import { TraceFileError } from './trace-file-error.ts';

/** Where something lies in a buffer, in bytes. */
export interface Place {
  at: number;
  length: number;
}

const utf8 = new TextDecoder();

/**
 * One table of a flatbuffer, read with every offset and length checked against the buffer: hostile bytes give a
 * TraceFileError, and nothing is allocated by what they claim. Fields go by their number in the schema, from 0. The
 * layout: https://flatbuffers.dev/internals/
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #fields: number;
  readonly #fieldsEnd: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    const fields = at - (this.#has(at, 4) ? view.getInt32(at, true) : at + 1);
    if (!this.#has(fields, 4)) throw damaged();
    const bytes = view.getUint16(fields, true);
    if (bytes < 4 || !this.#has(fields, bytes)) throw damaged();
    this.#fields = fields;
    this.#fieldsEnd = fields + bytes;
  }

  /** The table that a finished buffer begins with. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.byteLength < 8) throw damaged();
    return new FlatTable(view, view.getUint32(0, true));
  }

  uint8(field: number, absent = 0): number {
    const at = this.#place(field, 1);
    return at === undefined ? absent : this.#view.getUint8(at);
  }
  int16(field: number, absent = 0): number {
    const at = this.#place(field, 2);
    return at === undefined ? absent : this.#view.getInt16(at, true);
  }
  int32(field: number, absent = 0): number {
    const at = this.#place(field, 4);
    return at === undefined ? absent : this.#view.getInt32(at, true);
  }
  /** A 64-bit count or size. */
  size(field: number): number {
    const at = this.#place(field, 8);
    return at === undefined ? 0 : this.#size(at);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#place(field, 4);
    return at === undefined ? undefined : new FlatTable(this.#view, this.#follow(at));
  }

  /** Where a text's UTF-8 lies, counted from the buffer's begin. */
  textPlace(field: number): Place | undefined {
    return this.#vector(field, 1);
  }
  /** @param most bytes; more than this is refused before it is decoded */
  text(field: number, most = this.#view.byteLength): string | undefined {
    const place = this.#vector(field, 1);
    if (place === undefined) return undefined;
    if (place.length > most) throw damaged();
    return utf8.decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + place.at, place.length));
  }

  /** @param most more than this is refused */
  tables(field: number, most: number): FlatTable[] {
    const { at, length } = this.#vector(field, 4) ?? { at: 0, length: 0 };
    if (length > most) throw damaged();
    return Array.from({ length }, (_, one) => new FlatTable(this.#view, this.#follow(at + one * 4)));
  }

  /** A vector of structs of two 64-bit sizes each, which must be exactly `count`. */
  sizePairs(field: number, count: number): [number, number][] {
    const { at, length } = this.#vector(field, 16) ?? { at: 0, length: 0 };
    if (length !== count) throw new TraceFileError(`it has ${length} parts where ${count} belong`);
    return Array.from({ length }, (_, one) => [this.#size(at + one * 16), this.#size(at + one * 16 + 8)]);
  }

  /** Where a field lies; undefined where it was left at its default. */
  #place(field: number, bytes: number): number | undefined {
    const entry = this.#fields + 4 + field * 2;
    if (entry + 2 > this.#fieldsEnd) return undefined;
    const offset = this.#view.getUint16(entry, true);
    if (offset === 0) return undefined;
    if (!this.#has(this.#at + offset, bytes)) throw damaged();
    return this.#at + offset;
  }

  #vector(field: number, elementBytes: number): Place | undefined {
    const place = this.#place(field, 4);
    if (place === undefined) return undefined;
    const begin = this.#follow(place);
    const length = this.#view.getUint32(begin, true);
    if (!this.#has(begin + 4, length * elementBytes)) throw damaged();
    return { at: begin + 4, length };
  }

  #follow(at: number): number {
    const target = at + this.#view.getUint32(at, true);
    if (!this.#has(target, 4)) throw damaged();
    return target;
  }

  #size(at: number): number {
    const size = this.#view.getBigInt64(at, true);
    if (size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged();
    return Number(size);
  }

  #has(at: number, bytes: number): boolean {
    return at >= 0 && at + bytes <= this.#view.byteLength;
  }
}

const damaged = (): TraceFileError => new TraceFileError('its description is damaged');
