import { HEAD, Kind, RECORD_BYTES, SUBJECT_NONE, THREAD_MAIN } from './event.ts';

/** A `lost` event of main's, for events that were published and then could not be kept. */
export function lostRecord(timeNs: number, count: number): Uint8Array {
  const words = new Uint32Array(RECORD_BYTES / 4);
  const halves = new Uint16Array(words.buffer);
  words[HEAD.timeLow32] = timeNs >>> 0;
  words[HEAD.timeHigh32] = Math.floor(timeNs / 0x1_0000_0000);
  halves[HEAD.kind16] = Kind.lost;
  halves[HEAD.thread16] = THREAD_MAIN;
  words[HEAD.subject32] = SUBJECT_NONE;
  words[HEAD.valueLow32] = count;
  return new Uint8Array(words.buffer);
}
