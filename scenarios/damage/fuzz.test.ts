import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventTable } from '../../apc-model/event-table.ts';
import { recordsOfTable } from '../../apc-model/table-records.ts';
import { TraceEncoder } from '../../apc-model/trace-encoder.ts';
import { readTraceBytes } from '../../apc-model/trace-reader.ts';
import { bundleProgram } from '../../electron/test-programs/bundle.ts';

// ALERTABLE_FUZZ_SECONDS: how long, 30 by default. ALERTABLE_FUZZ_SEED: this damaged file alone; both: from this one on.
const given = (name: string): number | undefined => {
  const text = process.env[name] ?? '';
  if (text === '') return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`${name} is "${text}"; allowed: a number`);
  return Number(text);
};
const replayed = given('ALERTABLE_FUZZ_SEED');
const seconds = given('ALERTABLE_FUZZ_SECONDS') ?? (replayed === undefined ? 30 : 0);
/** The reader's own limits add up to less than this; a length that is believed would need more at once. */
const MOST_MIB = 700;
const HEAP_MIB = 256;
const RECORDED = resolve(import.meta.dirname, '..', 'recorded', 'seed-format-1.arrows');

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'alertable-fuzz-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The recording as this version writes it, in batches of so many events. */
function rewritten(eventsOfBatch: number): string {
  const { meta, batches } = readTraceBytes(readFileSync(RECORDED));
  const table = new EventTable();
  for (const { records, text } of batches) table.appendRecords(records, text);
  const encoder = new TraceEncoder(meta);
  const parts: Uint8Array[] = [];
  for (let from = 0; from < table.length; from += eventsOfBatch) {
    const { records, text } = recordsOfTable(table, from, Math.min(from + eventsOfBatch, table.length));
    encoder.append(records, text);
    parts.push(encoder.flush()!.bytes);
  }
  const file = join(folder, `${eventsOfBatch}.arrows`);
  writeFileSync(file, Buffer.concat([...parts, encoder.end()]));
  return file;
}

describe('traces with damage of every kind', () => {
  it(
    'are read up to it or refused, never believed; nothing crashes, hangs or takes memory without bound',
    { timeout: (seconds + 60) * 1000 },
    async () => {
      const program = await bundleProgram('scenarios/damage/fuzz.ts');
      const seed = replayed ?? Math.floor(Math.random() * 2 ** 31);
      console.log(`damaged traces from seed ${seed} on`);
      const args = [program, String(seed), String(seconds), rewritten(62), rewritten(9)];
      const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, ...args], { stdio: 'pipe' });
      let out = '';
      let complaint = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
      // One that hangs is ended, and its seed is not known: it is the last that a longer time limit would tell.
      const limit = setTimeout(() => child.kill('SIGKILL'), (seconds + 30) * 1000);
      const [status] = (await once(child, 'exit')) as [number | null];
      clearTimeout(limit);
      expect(complaint).toBe('');
      expect(status).toBe(0);
      const found = JSON.parse(out) as Record<string, number>;
      console.log(`${JSON.stringify(found)}`);
      expect(found['mostMiB']).toBeLessThan(MOST_MIB);
    },
  );
});
