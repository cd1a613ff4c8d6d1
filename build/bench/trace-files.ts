import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { TraceEncoder } from '../../apc-model/trace-encoder.ts';
import { TraceReader } from '../../apc-model/trace-reader.ts';
import { SyntheticSession } from './trace-synthetic.ts';

/**
 * A program of `npm run bench -- trace`:
 *
 *     node trace-files.js write <file> <events>   writes a made-up session as a trace
 *     node trace-files.js count <file>            says how many events a trace holds, and whether it is whole
 */

const BATCH_EVENTS = 4096;

function write(file: string, events: number): { events: number } {
  const encoder = new TraceEncoder({
    engine: 'posix',
    engineLabel: 'made up',
    os: 'no system',
    startedUnixMs: 0,
    title: `${events} events`,
  });
  const session = new SyntheticSession('apcs');
  const descriptor = openSync(file, 'w');
  while (encoder.events < events)
    for (const { bytes } of encoder.append(session.next(Math.min(BATCH_EVENTS, events))))
      writeSync(descriptor, bytes);
  writeSync(descriptor, encoder.end());
  closeSync(descriptor);
  return { events: encoder.events };
}

async function count(file: string): Promise<{ events: number; bytes: number; isWhole: number }> {
  const { size } = statSync(file);
  const descriptor = openSync(file, 'r');
  const reader = await TraceReader.open({
    size,
    read: (at, length) => {
      const bytes = new Uint8Array(length);
      readSync(descriptor, bytes, 0, length, at);
      return Promise.resolve(bytes);
    },
  });
  while ((await reader.next()) !== undefined);
  closeSync(descriptor);
  const { events, complete, damage } = reader.end;
  return { events, bytes: size, isWhole: complete && damage === undefined ? 1 : 0 };
}

const [verb, file, events] = process.argv.slice(2);
const answer = verb === 'write' ? write(file!, Number(events)) : await count(file!);
process.stdout.write(`${JSON.stringify(answer)}\n`);
