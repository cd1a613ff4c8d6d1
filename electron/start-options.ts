import path from 'node:path';

/** What the command line of the window asks for; everything else on it is Chromium's. */
export interface StartOptions {
  scenarioFile?: string;
  traceFile?: string;
  userDataFolder?: string;
  /** What the events of a session may take in the page; older ones are then read back from the recording. */
  eventMemoryMiB?: number;
}

const FILE_OPTIONS = {
  '--scenario': 'scenarioFile',
  '--trace': 'traceFile',
  '--user-data-dir': 'userDataFolder',
} as const satisfies Record<string, keyof StartOptions>;
const EVENT_MEMORY = '--event-memory';
const EVENT_MEMORY_MIB = [2, 8192] as const;

/** A file without an option in front of it: how systems hand over what was clicked. */
const FILE_ENDINGS: Readonly<Record<string, 'traceFile' | 'scenarioFile'>> = {
  '.arrows': 'traceFile',
  '.json': 'scenarioFile',
};

/**
 * `--scenario FILE` and `--scenario=FILE` alike, or just FILE; relative paths stand in the folder where the user stood.
 * @throws an Error with a sentence when an option lacks its file or its number
 */
export function parseStartOptions(words: readonly string[], folder: string): StartOptions {
  const options: StartOptions = {};
  for (let at = 0; at < words.length; at++) {
    const [option = '', inline] = splitOnce(words[at]!);
    if (option === EVENT_MEMORY) {
      options.eventMemoryMiB = readMiB(inline ?? words[++at]);
      continue;
    }
    if (!(option in FILE_OPTIONS)) {
      const kind = option.startsWith('-') ? undefined : FILE_ENDINGS[path.extname(words[at]!).toLowerCase()];
      if (kind !== undefined) options[kind] = path.resolve(folder, words[at]!);
      continue;
    }
    const value = inline ?? words[++at];
    if (value === undefined || value === '' || value.startsWith('--')) {
      throw new Error(`The option ${option} needs a path behind it.`);
    }
    options[FILE_OPTIONS[option as keyof typeof FILE_OPTIONS]] = path.resolve(folder, value);
  }
  return options;
}

function readMiB(word = ''): number {
  const [least, most] = EVENT_MEMORY_MIB;
  const value = Number(word);
  if (!/^\d+$/.test(word) || value < least || value > most)
    throw new Error(`The option ${EVENT_MEMORY} needs a number of MiB behind it, from ${least} to ${most}.`);
  return value;
}

function splitOnce(word: string): [string, string?] {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}
