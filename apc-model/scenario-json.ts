import { duplicateKeys } from './duplicate-keys.ts';
import { ScenarioError, shownPath } from './scenario-errors.ts';
import { quoted } from './scenario-names.ts';

/** Objects and lists inside each other; a loop in a loop in a loop takes six. */
const MAX_DEPTH = 200;

/**
 * The data of a scenario's text. Throws a ScenarioError for what would be lost or can't be shown: text that is no JSON,
 * keys that stand twice, half characters, and nesting that no reader follows.
 */
export function readJson(text: string): unknown {
  // Windows editors put a byte order mark before UTF-8.
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '')
    throw new ScenarioError(['the file is empty; a scenario begins with {"alertable": 1, "title": …']);
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    throw new ScenarioError([`the file is not JSON: ${syntaxFault(json)}`]);
  }
  const problems = dataProblems(data);
  // Only a text of sound nesting is looked through once more.
  if (problems.length === 0)
    problems.push(...duplicateKeys(json).map((path) => `${path}: stands twice; remove one`));
  if (problems.length > 0) throw new ScenarioError(problems);
  return data;
}

/** What no schema sees: it would drop a key `__proto__` without a word, and a stack holds only so many levels. */
function dataProblems(data: unknown): string[] {
  const problems: string[] = [];
  const path: PropertyKey[] = [];
  const tell = (problem: string): void => void problems.push(`${shownPath(path)}: ${problem}`);
  const text = (one: string, what: string): void => {
    const at = one.search(/\p{Surrogate}/u);
    if (at < 0) return;
    const half = one.charCodeAt(at).toString(16).toUpperCase();
    tell(`${what} has half a character (\\u${half}) at position ${at}; write the whole one or remove it`);
  };
  /** @returns false where it went too deep: one such place is enough. */
  const visit = (one: unknown): boolean => {
    if (typeof one === 'string') text(one, 'the text');
    if (typeof one !== 'object' || one === null) return true;
    if (path.length >= MAX_DEPTH) {
      tell(`is nested more than ${MAX_DEPTH} deep; move inner steps into a routine of their own`);
      return false;
    }
    for (const [key, inner] of Object.entries(one)) {
      path.push(Array.isArray(one) ? Number(key) : key);
      text(key, 'the name');
      if (key === '__proto__') tell('this name means something to JavaScript; choose another name');
      if (!visit(inner)) return false;
      path.pop();
    }
    return true;
  };
  visit(data);
  return problems;
}

/** A text, a number, a word or a single sign; the last takes what is none of them. */
const TOKEN =
  /"[ !#-[\]-\uFFFF]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uFFFF]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)|[{}[\],:]|$|[^]/y;
const SPACE = /[ \t\r\n]*/y;

type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or }' | ', or ]' | 'end';
const WANTED: Readonly<Record<Wanted, string>> = {
  value: 'a value should stand here',
  'value or ]': 'a value or ] should stand here',
  key: 'a key in double quotes should stand here',
  'key or }': 'a key in double quotes, or }, should stand here',
  ':': 'a : should stand here, and then the value of the key',
  ', or }': 'a , or } should stand here',
  ', or ]': 'a , or ] should stand here',
  end: 'nothing more should stand here',
};

/** Where and how a text stops to be JSON: the engines' own messages differ, and not all of them tell the place. */
function syntaxFault(json: string): string {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(json)![0].length;
    TOKEN.lastIndex = at;
    const token: string = TOKEN.exec(json)![0];
    const next = after(token, wanted, open);
    if (next === undefined || token === '') return faultAt(json, at, token, wanted);
    wanted = next;
    at += token.length;
  }
}

/** What is wanted after a token that fits; undefined after one that doesn't. */
function after(token: string, wanted: Wanted, open: ('{' | '[')[]): Wanted | undefined {
  const closed = (): Wanted => {
    open.pop();
    return inside(open.at(-1));
  };
  switch (token) {
    case '{':
    case '[':
      if (!wanted.startsWith('value')) return undefined;
      open.push(token);
      return token === '{' ? 'key or }' : 'value or ]';
    case '}':
      return wanted === 'key or }' || wanted === ', or }' ? closed() : undefined;
    case ']':
      return wanted === 'value or ]' || wanted === ', or ]' ? closed() : undefined;
    case ',':
      return wanted === ', or }' ? 'key' : wanted === ', or ]' ? 'value' : undefined;
    case ':':
      return wanted === ':' ? 'value' : undefined;
    default: {
      const isText = token.length > 1 && token.startsWith('"');
      if (isText && wanted.startsWith('key')) return ':';
      const isValue = isText || /^(?:-?\d|true$|false$|null$)/.test(token);
      return isValue && wanted.startsWith('value') ? inside(open.at(-1)) : undefined;
    }
  }
}

const inside = (open: '{' | '[' | undefined): Wanted =>
  open === '{' ? ', or }' : open === '[' ? ', or ]' : 'end';

function faultAt(json: string, at: number, token: string, wanted: Wanted): string {
  const lines = json.slice(0, at).split(/\r\n|\r|\n/);
  const where = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
  if (token === '') return `it ends at ${where}; ${WANTED[wanted]}`;
  const found = quoted(/^(?:"|\w+|[^])/u.exec(json.slice(at, at + 20))![0]);
  if (token === '"' && /^(?:value|key)/.test(wanted))
    return `${where}: the text that begins here does not end on its line, or has an odd \\ in it; close it with "`;
  if (token === '/' || token === '#') return `${where}: found ${found}; remove it: JSON has no comments`;
  const afterComma = /,\s*$/.test(json.slice(Math.max(0, at - 200), at)) && /^[}\]]$/.test(token);
  return `${where}: found ${found}; ${afterComma ? 'remove the comma before it' : WANTED[wanted]}`;
}
