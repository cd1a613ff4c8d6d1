import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkChromeTrace } from '../apc-model/export-chrome-check.ts';
import { randomTrace } from '../apc-model/random-trace.ts';
import { TraceBuilder } from '../apc-model/trace-builder.ts';
import { columnRow, jsonLine } from '../apc-model/trace-columns.ts';
import { ExportJob } from './export-job.ts';
import { ExportCancelled, ExportFault, exportTrace } from './export-trace.ts';
import { encodeTrace } from './trace-bytes.ts';
import { NewFile } from './write-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alertable-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);

function traceFile(build: TraceBuilder, bytes = encodeTrace(build.build())): string {
  writeFileSync(inFolder('a.arrows'), bytes);
  return inFolder('a.arrows');
}

const faultOf = async (work: Promise<unknown>): Promise<ExportFault> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ExportFault);
  return error as ExportFault;
};

describe('an export', () => {
  it('makes every format in one reading, beside nothing else', async () => {
    const build = randomTrace(11, 40_000);
    const source = traceFile(build);
    const end = await exportTrace({
      source,
      outputs: [
        { format: 'chromeJson', to: inFolder('a.json') },
        { format: 'csv', to: inFolder('a.csv') },
        { format: 'jsonLines', to: inFolder('a.jsonl') },
      ],
    });
    const { table } = build.build();
    expect(end).toMatchObject({ by: 'end', events: table.length, warning: undefined });
    expect(readdirSync(folder).sort()).toEqual(['a.arrows', 'a.csv', 'a.json', 'a.jsonl']);
    const lines = Array.from({ length: table.length }, (_, at) => jsonLine(columnRow(table, at)));
    expect(readFileSync(inFolder('a.jsonl'), 'utf8')).toBe(`${lines.join('\n')}\n`);
    expect(readFileSync(inFolder('a.csv'), 'utf8').split('\r\n')).toHaveLength(table.length + 2);
    const trace = checkChromeTrace(readFileSync(inFolder('a.json'), 'utf8'));
    expect(trace.otherData['events']).toBe(table.length);
  }, 20_000);

  it('fills a stream as fast as that is read', async () => {
    const source = traceFile(randomTrace(12, 20_000));
    const stream = new PassThrough({ highWaterMark: 1000 });
    const done = exportTrace({ source, outputs: [{ format: 'csv', to: stream }] }).then(() => stream.end());
    let lines = 0;
    let most = 0;
    for await (const chunk of stream) {
      most = Math.max(most, stream.writableLength);
      lines += (chunk as Buffer).toString().split('\r\n').length - 1;
    }
    await done;
    expect(lines).toBeGreaterThan(20_000);
    // One stride's text at the most is under way.
    expect(most).toBeLessThan(1 << 20);
  });

  it('goes up to the damage and says so', async () => {
    const bytes = encodeTrace(randomTrace(13, 40_000).build());
    const source = traceFile(new TraceBuilder(), bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    const end = await exportTrace({ source, outputs: [{ format: 'chromeJson', to: inFolder('a.json') }] });
    expect(end.by).toBe('damage');
    expect(end.events).toBe(16_384);
    expect(end.warning).toMatch(
      /^The file is damaged after event 16384, at byte \d+: it is cut off there\.$/,
    );
    const trace = checkChromeTrace(readFileSync(inFolder('a.json'), 'utf8'));
    expect(trace.otherData['warning']).toBe(end.warning);
    expect(JSON.stringify(trace)).toContain('where the file breaks off');
  });

  it('of a recording that was interrupted says so', async () => {
    const bytes = encodeTrace(randomTrace(13, 1000).build());
    const source = traceFile(new TraceBuilder(), bytes.subarray(0, bytes.length - 8));
    const end = await exportTrace({ source, outputs: [{ format: 'csv', to: inFolder('a.csv') }] });
    expect(end).toMatchObject({ by: 'end', events: 1000 });
    expect(end.warning).toMatch(/^The recording was interrupted/);
  });

  it('that is cancelled leaves no file, and the old one as it was', async () => {
    const source = traceFile(randomTrace(14, 60_000));
    writeFileSync(inFolder('a.csv'), 'old');
    const abort = new AbortController();
    const shares: number[] = [];
    const work = exportTrace({
      source,
      outputs: [{ format: 'csv', to: inFolder('a.csv') }],
      signal: abort.signal,
      onProgress: (share) => {
        shares.push(share);
        abort.abort();
      },
    });
    await expect(work).rejects.toBeInstanceOf(ExportCancelled);
    expect(shares).toHaveLength(1);
    expect(shares[0]).toBeGreaterThan(0);
    expect(readdirSync(folder).sort()).toEqual(['a.arrows', 'a.csv']);
    expect(readFileSync(inFolder('a.csv'), 'utf8')).toBe('old');
  });

  it('that fails says which file and why, and leaves nothing', async () => {
    const source = traceFile(randomTrace(15, 100));
    const csv = { format: 'csv', to: inFolder('none/a.csv') } as const;
    const fault = await faultOf(
      exportTrace({ source, outputs: [{ format: 'jsonLines', to: inFolder('a.jsonl') }, csv] }),
    );
    expect(fault.part).toBe(csv);
    expect(fault.message).toBe(`${csv.to} could not be written: the folder does not exist`);
    const none = await faultOf(exportTrace({ source: inFolder('none.arrows'), outputs: [] }));
    expect(none.message).toMatch(/none\.arrows could not be read: /);
    expect(none.part).toBe('source');
    writeFileSync(inFolder('b.arrows'), 'no trace');
    const bad = await faultOf(exportTrace({ source: inFolder('b.arrows'), outputs: [] }));
    expect(bad.message).toMatch(
      /b\.arrows is no trace that can be read: it does not begin as an Arrow IPC stream does/,
    );
    expect(readdirSync(folder).sort()).toEqual(['a.arrows', 'b.arrows']);
  });

  it('of a range after the end is refused', async () => {
    const source = traceFile(new TraceBuilder().started(2).at(5e9).ended(2));
    const outputs = [{ format: 'csv', to: inFolder('a.csv') }] as const;
    const fault = await faultOf(exportTrace({ source, outputs, range: { fromNs: 20e9, toNs: 30e9 } }));
    expect(fault).toMatchObject({
      part: 'range',
      message: 'the range begins at 20 s and the trace ends at 5 s',
    });
    expect(existsSync(inFolder('a.csv'))).toBe(false);
  });
});

describe('an export job', () => {
  it('tells how far it is, but not of a quick one', async () => {
    const source = traceFile(randomTrace(16, 100));
    const told: number[] = [];
    const job = new ExportJob({ source, outputs: [{ format: 'csv', to: inFolder('a.csv') }] }, (share) =>
      told.push(share),
    );
    await job.done;
    expect(told).toEqual([]);
  });

  it('can be cancelled', async () => {
    const source = traceFile(randomTrace(17, 40_000));
    const job = new ExportJob({ source, outputs: [{ format: 'csv', to: inFolder('a.csv') }] }, () => {});
    job.cancel();
    await expect(job.done).rejects.toBeInstanceOf(ExportCancelled);
    expect(readdirSync(folder)).toEqual(['a.arrows']);
  });
});

describe('a new file', () => {
  it.skipIf(process.platform === 'win32')(
    'goes through a symbolic link, and takes the place of no device',
    async () => {
      writeFileSync(inFolder('real'), 'old');
      symlinkSync(inFolder('real'), inFolder('link'));
      const file = await NewFile.begin(inFolder('link'));
      await file.write(Buffer.from('new'));
      expect(readFileSync(inFolder('real'), 'utf8')).toBe('old');
      await file.finish();
      expect(readFileSync(inFolder('real'), 'utf8')).toBe('new');

      const device = await NewFile.begin('/dev/null');
      await device.write(Buffer.from('gone'));
      await device.finish();
      expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    },
  );
});
