import { isUtf8 } from 'node:buffer';
import { closeSync, existsSync, openSync, readSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ScenarioSummary } from '../apc-model/app-api.ts';
import { compile, type CompiledScenario } from '../apc-model/compile.ts';
import { ScenarioError, parseScenario } from '../apc-model/scenario.ts';
import { reasonOf } from './write-file.ts';

/** Scenario files are small; anything larger was made by mistake or in malice. */
const MAX_BYTES = 4 * 1024 * 1024;
const READ_AT_A_TIME = 64 * 1024;
const SUFFIX = '.json';
/** Files in `scenarios/` that are something else. */
export const NOT_SCENARIOS: ReadonlySet<string> = new Set(['scenario.schema.json', 'coverage.json']);

/** Reads and compiles a scenario file. Throws a ScenarioError whose lines name the path in the file, found and allowed. */
export function readScenarioFile(file: string): CompiledScenario {
  let bytes: Buffer;
  try {
    bytes = readStart(file, MAX_BYTES + 1);
  } catch (error) {
    throw new ScenarioError([`${file} could not be read: ${reasonOf(error, 'reading')}`]);
  }
  try {
    if (bytes.length > MAX_BYTES)
      throw new ScenarioError([`the file is too large; a scenario has at most ${MAX_BYTES} bytes`]);
    return compile(parseScenario(utf8Text(bytes)));
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new ScenarioError(error.problems.map((problem) => `${file}: ${problem}`));
  }
}

/** At most so many bytes from the start of a file, which may be a pipe or endless. */
function readStart(file: string, most: number): Buffer {
  const parts: Buffer[] = [];
  const handle = openSync(file, 'r');
  try {
    for (let left = most; left > 0;) {
      const part = Buffer.alloc(Math.min(left, READ_AT_A_TIME));
      const read = readSync(handle, part);
      if (read === 0) break;
      parts.push(part.subarray(0, read));
      left -= read;
    }
  } finally {
    closeSync(handle);
  }
  return Buffer.concat(parts);
}

/** Throws a ScenarioError that names the first byte that is no UTF-8. */
function utf8Text(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return text;
  // What can't be decoded became a replacement character; one that the file holds itself is three bytes there.
  let offset = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf(REPLACEMENT, from);
    offset += Buffer.byteLength(text.slice(from, at));
    const isOwn = bytes.compare(REPLACEMENT_BYTES, 0, REPLACEMENT_BYTES.length, offset, offset + 3) === 0;
    if (!isOwn) break;
    offset += REPLACEMENT_BYTES.length;
    from = at + 1;
  }
  const byte = bytes[offset]!.toString(16).toUpperCase().padStart(2, '0');
  throw new ScenarioError([`byte ${offset} (0x${byte}) is not UTF-8; save the file as UTF-8`]);
}
const REPLACEMENT = '\uFFFD';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);

/** The scenarios that come with the app, by the name of their file. */
export class BuiltInScenarios {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  names(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((file) => file.endsWith(SUFFIX) && !NOT_SCENARIOS.has(file))
      .map((file) => file.slice(0, -SUFFIX.length))
      .sort();
  }

  /** The file of a built-in scenario, or undefined where there is none of that name. */
  file(name: string): string | undefined {
    return this.names().includes(name) ? join(this.#folder, name + SUFFIX) : undefined;
  }

  read(name: string): CompiledScenario {
    const file = this.file(name);
    if (file === undefined) {
      throw new ScenarioError([
        `there is no scenario "${basename(name)}"; built in: ${this.names().join(', ')}`,
      ]);
    }
    return readScenarioFile(file);
  }

  summaries(): ScenarioSummary[] {
    return this.names().map((name) => {
      const { scenario } = this.read(name);
      return { name, title: scenario.title, about: scenario.about ?? '' };
    });
  }
}
