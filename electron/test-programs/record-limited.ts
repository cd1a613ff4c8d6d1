import { Recorder } from '../recorder.ts';
import { RECORD_BYTES, Kind } from '../../apc-model/event.ts';

/**
 * Records events into the file of its argument, which a limit of the system keeps from growing beyond a size. Says a line
 * when the recording pauses and when it goes on; ends it when its standard input ends, and says why it is not whole.
 */
const [path, count] = process.argv.slice(2) as [string, string];
const EVENTS_AT_A_TIME = 8000;

const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const codeOf = (error: Error | undefined): string =>
  (error as NodeJS.ErrnoException | undefined)?.code ?? 'none';

const meta = {
  engine: 'posix',
  engineLabel: 'posix emulation',
  os: 'test',
  startedUnixMs: 0,
  title: 'limited',
};
const recorder = new Recorder(
  path,
  meta,
  {
    paused: (error) => say({ paused: codeOf(error) }),
    resumed: () => say({ resumed: true }),
    leftOut: () => {},
    grew: () => {},
  },
  { retryMs: 20 },
);

for (let from = 0; from < Number(count); from += EVENTS_AT_A_TIME) {
  const words = new Uint32Array((EVENTS_AT_A_TIME * RECORD_BYTES) / 4);
  for (let event = 0; event < EVENTS_AT_A_TIME; event++)
    words.set([from + event, 0, 0, Kind.callReturned, 2 | (1 << 16), 0xffffffff, from + event, 0], event * 8);
  recorder.append(new Uint8Array(words.buffer), new Uint8Array(0), EVENTS_AT_A_TIME);
}
process.stdin.resume().on('end', () => void end());

async function end(): Promise<void> {
  await recorder.close();
  say({ failure: codeOf(recorder.failure) });
  await recorder.release();
}
