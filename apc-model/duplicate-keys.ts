import { shownPath } from './scenario-errors.ts';

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs;
/** More are not told. */
const MOST = 20;

/** An object or a list that is open: where in it the text is. */
interface Open {
  /** Of an object. */
  keys: Set<string> | undefined;
  place: string | number;
}

/**
 * Where a key stands a second time in its object, as JSON paths: JSON.parse keeps the last without a word.
 * @param json text that JSON.parse has taken
 */
export function duplicateKeys(json: string): string[] {
  const found: string[] = [];
  const open: Open[] = [];
  let text = '';
  for (const [token] of json.matchAll(TOKENS)) {
    const top = open.at(-1);
    switch (token) {
      case '{':
        open.push({ keys: new Set(), place: '' });
        break;
      case '[':
        open.push({ keys: undefined, place: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (typeof top?.place === 'number') top.place++;
        break;
      case ':': {
        const key = JSON.parse(text) as string;
        top!.place = key;
        if (top!.keys!.has(key) && found.length < MOST) found.push(shownPath(open.map(({ place }) => place)));
        top!.keys!.add(key);
        break;
      }
      default:
        text = token;
    }
  }
  return found;
}
