import { Kind, type EventIndex } from './event.ts';
import type { EventTable } from './event-table.ts';

/** `{name}` in a log template; `{{` and `}}` are plain braces. */
const PLACEHOLDER = /\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The names in a template's placeholders, in order. Throws where a brace belongs to none. */
export function placeholders(template: string): string[] {
  const names: string[] = [];
  const rest = template.replace(PLACEHOLDER, (found, name: string | undefined) => {
    if (name !== undefined) names.push(name);
    return found.length === 2 ? '' : '\0';
  });
  if (/[{}]/.test(rest))
    throw new Error('a brace that belongs to no {placeholder}: write {{ or }} for a plain brace');
  return names;
}

/** A template with its values, in order, as decimal numbers (64-bit, signed). */
export function formatLog(template: string, values: readonly bigint[]): string {
  let next = 0;
  return template.replace(PLACEHOLDER, (found, name: string | undefined) => {
    if (name === undefined) return found[0]!;
    const value = values[next++];
    return value === undefined ? found : BigInt.asIntN(64, value).toString();
  });
}

/** The line that a `log` event wrote. A loaded file brings its lines ready-made. */
export function logText(table: EventTable, index: EventIndex): string {
  if (table.kind(index) !== Kind.log) throw new RangeError(`event ${index} is no log event`);
  const template = table.names.texts.get(table.subject(index));
  if (template === undefined) return table.text(index) ?? `(text ${table.subject(index)})`;
  return formatLog(template, table.arguments(index));
}
