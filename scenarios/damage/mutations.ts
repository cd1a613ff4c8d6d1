import { CHECKSUM_DIGITS, PREFIX_BYTES, readMessageHead, readPrefix } from '../../apc-model/arrow-message.ts';
import { checksumOfMessage } from '../../apc-model/trace-decoder.ts';
import type { Random } from '../random/prng.ts';

/** A damaged file, and whether its checksums were made to fit: then only its meaning can give it away. */
export interface Mutation {
  bytes: Uint8Array;
  resigned: boolean;
}

/** Sizes, counts and offsets that go wrong. */
const NUMBERS = [
  0, 1, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x4000_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff,
];

/** Damages one of the files in one to four ways. The same seed does the same. */
export function mutate(files: readonly Uint8Array[], random: Random): Mutation {
  let bytes: Uint8Array = random.pick(files).slice();
  const ways = random.int(1, 4);
  for (let way = 0; way < ways; way++) bytes = random.pick(WAYS)(bytes, random, files);
  const resigned = random.chance(50);
  return { bytes: resigned ? sign(bytes) : bytes, resigned };
}

type Way = (bytes: Uint8Array, random: Random, files: readonly Uint8Array[]) => Uint8Array;

const place = (bytes: Uint8Array, random: Random, size = 1): number =>
  random.int(0, Math.max(0, bytes.length - size));

const flipBit: Way = (bytes, random) => {
  const at = place(bytes, random);
  if (at < bytes.length) bytes[at]! ^= 1 << random.int(0, 7);
  return bytes;
};
const cut: Way = (bytes, random) => bytes.slice(0, place(bytes, random, 0));
const remove: Way = (bytes, random) => {
  const at = place(bytes, random);
  return joined(bytes.subarray(0, at), bytes.subarray(at + random.int(1, 64)));
};
const splice: Way = (bytes, random, files) => {
  const other = random.pick(files);
  const from = place(other, random);
  const part = other.subarray(from, from + random.int(1, 4096));
  const at = place(bytes, random);
  return joined(bytes.subarray(0, at), part, bytes.subarray(at + (random.chance(50) ? part.length : 0)));
};
/** Anywhere: in columns it changes values, in descriptions lengths, offsets and counts. */
const overwrite: Way = (bytes, random) => putNumber(bytes, random, place(bytes, random, 4) & ~3);
/** In the description of some message, where Arrow's own structure is. */
const overwriteDescription: Way = (bytes, random) => {
  const messages = messagesOf(bytes);
  if (messages.length === 0) return bytes;
  const { at, bodyAt } = random.pick(messages);
  return putNumber(bytes, random, random.int(at, Math.max(at, bodyAt - 4)) & ~1);
};
/** In the body of some message, where the columns are. */
const overwriteBody: Way = (bytes, random) => {
  const messages = messagesOf(bytes).filter(({ bodyAt, end }) => end - bodyAt >= 4);
  if (messages.length === 0) return bytes;
  const { bodyAt, end } = random.pick(messages);
  return putNumber(bytes, random, random.int(bodyAt, end - 4));
};
const swapMessages: Way = (bytes, random) => {
  const messages = messagesOf(bytes);
  if (messages.length < 2) return bytes;
  const parts = messages.map(({ at, end }) => bytes.subarray(at, end));
  const [one, other] = [random.int(0, parts.length - 1), random.int(0, parts.length - 1)];
  [parts[one], parts[other]] = [parts[other]!, parts[one]!];
  return joined(...parts, bytes.subarray(messages.at(-1)!.end));
};
const doubleMessage: Way = (bytes, random) => {
  const messages = messagesOf(bytes);
  if (messages.length === 0) return bytes;
  const { at, end } = random.pick(messages);
  return joined(bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end));
};

const WAYS: readonly Way[] = [
  flipBit,
  cut,
  remove,
  splice,
  overwrite,
  overwriteDescription,
  overwriteDescription,
  overwriteBody,
  overwriteBody,
  swapMessages,
  doubleMessage,
];

function putNumber(bytes: Uint8Array, random: Random, at: number): Uint8Array {
  if (at + 4 > bytes.length) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = random.chance(70) ? random.pick(NUMBERS) : random.int(0, 0xffff_ffff);
  if (random.chance(50)) view.setUint32(at, number, true);
  else view.setUint8(at, number & 0xff);
  return bytes;
}

interface Message {
  at: number;
  bodyAt: number;
  end: number;
}

/** The messages of a file as far as they can be made out. */
function messagesOf(bytes: Uint8Array): Message[] {
  const messages: Message[] = [];
  try {
    for (let at = 0; at + PREFIX_BYTES <= bytes.length;) {
      const length = readPrefix(bytes.subarray(at, at + PREFIX_BYTES));
      const bodyAt = at + PREFIX_BYTES + length;
      if (length === 0 || bodyAt > bytes.length) break;
      const end = bodyAt + readMessageHead(bytes.subarray(at + PREFIX_BYTES, bodyAt)).bodyLength;
      if (end > bytes.length) break;
      messages.push({ at, bodyAt, end });
      at = end;
    }
  } catch {
    // What is damaged already has no further messages.
  }
  return messages;
}

/** Makes every checksum fit, as somebody would who means harm. */
function sign(bytes: Uint8Array): Uint8Array {
  for (const { at, bodyAt, end } of messagesOf(bytes)) {
    const description = bytes.subarray(at + PREFIX_BYTES, bodyAt);
    const digits = readMessageHead(description).checksum;
    if (digits?.length !== CHECKSUM_DIGITS) continue;
    const sum = checksumOfMessage(
      bytes.subarray(at, at + PREFIX_BYTES),
      description,
      bytes.subarray(bodyAt, end),
      digits,
    );
    description.set(new TextEncoder().encode(sum), digits.at);
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
