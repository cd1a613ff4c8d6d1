import { expect, test } from 'vitest';
import { fileNameOf } from './file-name.ts';

test.each([
  ['One drain', 'One drain.png'],
  ['A: b/c\\d "e" <f>|?*', 'A b c d e f.png'],
  ['  ..hidden.. ', 'hidden.png'],
  ['../../etc/passwd', 'etc passwd.png'],
  ['line\nbreak\u0000', 'line break.png'],
  ['', 'trace.png'],
  ['con', 'trace con.png'],
  ['x'.repeat(500), `${'x'.repeat(80)}.png`],
])('%j becomes %j', (title, name) => {
  expect(fileNameOf(title, 'png')).toBe(name);
});
