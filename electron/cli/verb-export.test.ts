import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkChromeTrace } from '../../apc-model/export-chrome-check.ts';
import { TraceBuilder } from '../../apc-model/trace-builder.ts';
import { encodeTrace } from '../trace-bytes.ts';
import { readTimeNs } from './arguments.ts';
import { runCommandLine } from './command-line.ts';
import { ExitStatus } from './exit-status.ts';

let folder: string;
let out: string;
let err: string;

/** Takes the place of a terminal's stream. */
function capture(stream: NodeJS.WriteStream, take: (text: string) => void): void {
  vi.spyOn(stream, 'write').mockImplementation((chunk, then: unknown) => {
    take(Buffer.from(chunk as string).toString());
    if (typeof then === 'function') (then as () => void)();
    return true;
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alertable-cli-'));
  vi.stubEnv('INIT_CWD', folder);
  out = '';
  err = '';
  capture(process.stdout, (text) => (out += text));
  capture(process.stderr, (text) => (err += text));
  writeFileSync(join(folder, 'a.arrows'), encodeTrace(session().build()));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Five seconds, an APC at 2 s. */
const session = () =>
  new TraceBuilder()
    .define('thread', 2, 'T1')
    .define('routine', 0, 'A')
    .created(2)
    .started(2)
    .begin(2, 'sleepEx', { ms: 5000, alertable: true })
    .at(2e9)
    .queue(0, 2)
    .apcBegins(2, 1)
    .at(2.5e9)
    .apcEnds(2, 1)
    .at(5e9)
    .end(2, 'sleepEx', 0xc0)
    .ended(2);

const run = (...args: string[]): Promise<number> => runCommandLine(['export', ...args]);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('export', () => {
  it('writes any number of formats beside the user', async () => {
    const formats = ['--chrome-json', 'a.json', '--csv', 'a.csv', '--json', 'a.jsonl', '--svg', 'a.svg'];
    expect(await run('a.arrows', ...formats, '--png', 'a.png', '--pdf', 'a.pdf')).toBe(ExitStatus.held);
    expect(readdirSync(folder).sort()).toEqual([
      'a.arrows',
      'a.csv',
      'a.json',
      'a.jsonl',
      'a.pdf',
      'a.png',
      'a.svg',
    ]);
    expect(checkChromeTrace(read('a.json')).otherData['events']).toBe(11);
    expect(read('a.csv').split('\r\n')[1]).toBe('0,0,0,defined,none,,2,,,1,,false,T1');
    expect(read('a.jsonl').split('\n')).toHaveLength(12);
    expect(out).toContain('11 events\n');
    expect(out).toContain(`chrome-json: ${join(folder, 'a.json')}\n`);
    expect(err).toBe('');
  });

  it('on standard output writes the export and nothing else', async () => {
    expect(await run('a.arrows', '--json', '-')).toBe(ExitStatus.held);
    const lines = out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual(
      lines.map((_, at) => at),
    );
    expect(err).toBe('11 events\n');
  });

  it('of a range takes what happened in it', async () => {
    expect(await run('a.arrows', '--from', '2.2s', '--to', '3000', '--chrome-json', 'a.json')).toBe(
      ExitStatus.held,
    );
    const { traceEvents, otherData } = checkChromeTrace(read('a.json'));
    expect(otherData).toMatchObject({ from: '2.2 s', to: '3 s', events: 1 });
    const slices = traceEvents.filter(({ ph }) => ph === 'X');
    expect(slices.map(({ name, ts, dur }) => [name, ts, dur])).toEqual([
      ['APC A', 2_200_000, 300_000],
      ['T1', 2_200_000, 800_000],
      ['SleepEx(5000, TRUE)', 2_200_000, 800_000],
    ]);
  });

  it('a damaged trace is exported up to the damage, with a warning', async () => {
    const bytes = readFileSync(join(folder, 'a.arrows'));
    writeFileSync(join(folder, 'b.arrows'), bytes.subarray(0, bytes.length - 200));
    expect(await run('b.arrows', '--csv', 'b.csv')).toBe(ExitStatus.held);
    expect(err).toMatch(
      /^alertable: warning: .*b\.arrows: The file is damaged after event 0, at byte \d+: it is cut off there\.\n$/,
    );
  });

  it.each<[string, string[], RegExp]>([
    ['no trace', ['--csv', 'a.csv'], /export takes one trace file, found 0/],
    ['no output', ['a.arrows'], /name an output, such as --chrome-json trace\.json/],
    ['a missing trace', ['none.arrows', '--csv', 'a.csv'], /none\.arrows could not be read: /],
    ['no trace file', ['text', '--csv', 'a.csv'], /text is no trace that can be read: /],
    ['no trace file, as a picture', ['text', '--svg', 'a.svg'], /text is no trace that can be read: /],
    [
      'the trace itself',
      ['a.arrows', '--csv', './a.arrows'],
      /--csv: .*a\.arrows is already the trace itself/,
    ],
    [
      'one file twice',
      ['a.arrows', '--csv', 'b', '--json', 'b'],
      /--json: .*b is already --csv|--csv: .*b is already --json/,
    ],
    [
      'standard output twice',
      ['a.arrows', '--csv', '-', '--svg', '-'],
      /--svg: standard output is already --csv/,
    ],
    [
      'a missing folder',
      ['a.arrows', '--csv', 'none/a.csv'],
      /--csv: there is no folder .*none; make it first/,
    ],
    ['a bad time', ['a.arrows', '--csv', 'a.csv', '--from', '3h'], /--from: found "3h"; allowed: a time/],
    [
      'a range backwards',
      ['a.arrows', '--csv', 'a.csv', '--from', '3s', '--to', '2s'],
      /--to: 2s lies before --from 3s/,
    ],
    [
      'a range after the end',
      ['a.arrows', '--csv', 'a.csv', '--from', '9s'],
      /--from: .* begins at 9 s and the trace ends at 5 s/,
    ],
    [
      'the same of a picture',
      ['a.arrows', '--svg', 'a.svg', '--from', '9s'],
      /--from: .* begins at 9 s and the trace ends at 5 s/,
    ],
    [
      'a bad colour',
      ['a.arrows', '--png', 'a.png', '--colours', 'red'],
      /--colours: found "red"; allowed: light, dark, print/,
    ],
    [
      'a bad width',
      ['a.arrows', '--png', 'a.png', '--width', '1'],
      /--width: found "1"; allowed: a number from 320/,
    ],
    ['an unknown option', ['a.arrows', '--xml', 'a.xml'], /--xml/],
  ])('%s is refused in a sentence', async (_what, args, message) => {
    writeFileSync(join(folder, 'text'), 'hello');
    expect(await run(...args)).toBe(ExitStatus.usage);
    expect(err).toMatch(message);
    expect(err).toMatch(/^alertable: /);
    expect(err).not.toMatch(/\n\s+at /);
    expect(readdirSync(folder).sort()).toEqual(['a.arrows', 'text']);
  });
});

it.each([
  ['12', 12e6],
  ['12.5ms', 12.5e6],
  ['250us', 250e3],
  ['250 µs', 250e3],
  ['.5s', 5e8],
  ['40ns', 40],
  ['1.5min', 90e9],
])('%s is a time', (given, ns) => expect(readTimeNs('--from', given)).toBe(ns));
