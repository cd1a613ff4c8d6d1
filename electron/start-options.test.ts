import path from 'node:path';
import { expect, test } from 'vitest';
import { parseStartOptions } from './start-options.ts';

const folder = path.resolve('/home/me');
const parse = (line: string) => parseStartOptions(line.split(' '), folder);

test('files stand in the folder where the user stood', () => {
  expect(parse('. --scenario a/b.json')).toEqual({ scenarioFile: path.join(folder, 'a', 'b.json') });
  expect(parse('--trace=x.arrows')).toEqual({ traceFile: path.join(folder, 'x.arrows') });
  expect(parse('--user-data-dir /tmp/x --scenario=/s.json')).toEqual({
    userDataFolder: path.resolve('/tmp/x'),
    scenarioFile: path.resolve('/s.json'),
  });
  expect(parse('--scenario=a=b.json')).toEqual({ scenarioFile: path.join(folder, 'a=b.json') });
});

test('a file without an option is opened by its ending', () => {
  expect(parse('. saved.ARROWS')).toEqual({ traceFile: path.join(folder, 'saved.ARROWS') });
  expect(parse('. my.json --no-sandbox')).toEqual({ scenarioFile: path.join(folder, 'my.json') });
});

test("Chromium's own options are none of ours", () => {
  expect(parse('--no-sandbox . --inspect=0 --constructor x')).toEqual({});
});

test.each(['--scenario', '--scenario=', '--scenario --trace x', '--user-data-dir'])(
  '%s is refused by name',
  (line) => {
    expect(() => parse(line)).toThrow(/^The option --(scenario|user-data-dir) needs a path behind it\.$/);
  },
);

test('the memory for events is a number of MiB', () => {
  expect(parse('. --event-memory 4 --trace=x.arrows')).toMatchObject({ eventMemoryMiB: 4 });
  expect(parse('--event-memory=480')).toEqual({ eventMemoryMiB: 480 });
});

test.each([
  '--event-memory',
  '--event-memory=',
  '--event-memory 1',
  '--event-memory 4.5',
  '--event-memory lots',
])('%s is refused with what it takes', (line) => {
  expect(() => parse(line)).toThrow(
    'The option --event-memory needs a number of MiB behind it, from 2 to 8192.',
  );
});
