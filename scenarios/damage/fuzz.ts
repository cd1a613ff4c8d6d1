import { readFileSync } from 'node:fs';
import type { TraceBatch } from '../../apc-model/trace-decoder.ts';
import { readTraceBytes } from '../../apc-model/trace-reader.ts';
import { Trace } from '../../apc-model/trace.ts';
import { Random } from '../random/prng.ts';
import { mutate } from './mutations.ts';

/**
 * Reads damaged traces until the time is over: <seed> <seconds, or 0 for this seed alone> <trace files…>. Says a JSON line
 * at the end; ends with 1 at the first seed whose file crashes the reader or what follows it, is believed though it was
 * damaged, or takes longer than a second.
 */
const [firstSeed = 0, seconds = 1] = process.argv.slice(2, 4).map(Number);
const files = process.argv.slice(4).map((file) => new Uint8Array(readFileSync(file)));
/** Of all files alike: they differ in how they are cut into batches. */
const good = recordsOf(readTraceBytes(files[0]!).batches);
const until = performance.now() + seconds * 1000;
const ends: Record<string, number> = { refused: 0, damaged: 0, interrupted: 0, whole: 0 };
const SLOW_MS = 1000;

let seed = firstSeed;
do {
  const began = performance.now();
  const how = tryOne(seed);
  ends[how] = (ends[how] ?? 0) + 1;
  const took = performance.now() - began;
  if (took > SLOW_MS) fail(`took ${Math.round(took)} ms`);
  seed++;
} while (performance.now() < until);
process.stdout.write(
  `${JSON.stringify({ files: seed - firstSeed, ...ends, mostMiB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`,
);

function tryOne(one: number): string {
  const random = new Random(one);
  const { bytes, resigned } = mutate(files, random);
  try {
    const { meta, batches, end } = readTraceBytes(bytes);
    // What was let through is followed as the page follows it.
    const trace = new Trace(meta);
    for (const { records, text } of batches) trace.appendRecords(records, text);
    trace.history.at(trace.table.endNs / 2);
    if (trace.table.length !== end.events) fail('counts differ');
    if (end.damage !== undefined) return 'damaged';
    if (!end.complete) return 'interrupted';
    // A file whose checksums were made to fit may say anything; of any other, what comes out is what went in.
    const same = Buffer.compare(recordsOf(batches), good) === 0;
    if (!resigned && !same) fail('damage was not noticed');
    return 'whole';
  } catch (error) {
    if (error instanceof Error && error.name === 'TraceFileError') return 'refused';
    fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function recordsOf(batches: readonly TraceBatch[]): Uint8Array {
  return Buffer.concat(batches.map(({ records }) => records));
}

function fail(why: string): never {
  process.stderr.write(`seed ${seed}: ${why}\n`);
  process.exit(1);
}
