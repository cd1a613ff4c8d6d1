import type { StreamMessage } from '../apc-model/app-api.ts';

/** Posting a view ships all of the buffer behind it: what is a part of a larger one is copied out first. */
export function exactMessage(message: StreamMessage): StreamMessage {
  return message.type === 'batch'
    ? { ...message, records: exactBytes(message.records), text: exactBytes(message.text) }
    : message;
}

export const exactBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength && bytes.constructor === Uint8Array
    ? bytes
    : Uint8Array.from(bytes);
