import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../build/paths.mjs';

/** Of an expectation, what the log of a thread must be. */
interface Expectation {
  log?: string[];
  on?: string;
}

/** What the tests need of a scenario: they take every name from the files and know none themselves. */
export interface ScenarioFile {
  name: string;
  file: string;
  title: string;
  routines: Record<string, unknown>;
  threads: string[];
  expect: Expectation[];
}

interface Manifest {
  alertable: { firstScenario: string };
}

const FOLDER = path.join(ROOT, 'scenarios');
const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

export function scenarioFile(name: string): ScenarioFile {
  const file = path.join(FOLDER, `${name}.json`);
  const {
    title,
    routines = {},
    threads = {},
    expect = [],
  } = readJson(file) as {
    title: string;
    routines?: Record<string, unknown>;
    threads?: object;
    expect?: Expectation[];
  };
  return { name, file, title, routines, threads: Object.keys(threads), expect };
}

/** The one that the app begins with. */
export const firstScenario = (): ScenarioFile =>
  scenarioFile((readJson(path.join(ROOT, 'package.json')) as Manifest).alertable.firstScenario);

/** The one that does nothing by itself. */
export function emptyScenario(): ScenarioFile {
  const isEmpty = (file: string) => {
    const scenario = readJson(path.join(FOLDER, file)) as {
      alertable?: unknown;
      threads?: unknown;
      controller?: unknown;
    };
    return (
      scenario.alertable !== undefined && scenario.threads === undefined && scenario.controller === undefined
    );
  };
  const file = readdirSync(FOLDER).find((each) => each.endsWith('.json') && isEmpty(each));
  if (file === undefined)
    throw new Error('No scenario without threads and controller is left for tests by hand.');
  return scenarioFile(path.basename(file, '.json'));
}

/** A log line as the scenario has it, with a number in place of each `{name}`. */
export function linePattern(template: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(
    `^${template
      .split(/\{\w+\}/)
      .map(literal)
      .join('-?\\d+')}$`,
  );
}
