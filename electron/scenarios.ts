import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ScenarioSummary } from '../apc-model/app-api.ts';
import { compile, type CompiledScenario } from '../apc-model/compile.ts';
import { ScenarioError, parseScenario } from '../apc-model/scenario.ts';

/** Scenario files are small; anything larger was made by mistake or in malice. */
const MAX_BYTES = 4 * 1024 * 1024;
const SUFFIX = '.json';
/** Files in `scenarios/` that are something else. */
export const NOT_SCENARIOS: ReadonlySet<string> = new Set(['scenario.schema.json', 'coverage.json']);

/** Reads and compiles a scenario file. Throws a ScenarioError whose lines name the path in the file, found and allowed. */
export function readScenarioFile(file: string): CompiledScenario {
  let text: string;
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BYTES)
      throw new Error(`it has ${bytes.length} bytes; a scenario has at most ${MAX_BYTES}`);
    text = bytes.toString('utf8');
  } catch (error) {
    throw new ScenarioError([`${file} could not be read: ${(error as Error).message}`]);
  }
  try {
    return compile(parseScenario(text));
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new ScenarioError(error.problems.map((problem) => `${file}: ${problem}`));
  }
}

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
