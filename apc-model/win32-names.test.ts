import { expect, test } from 'vitest';
import {
  accessOfName,
  errorName,
  numberNames,
  numberOfName,
  statusName,
  waitResultName,
} from './win32-names.ts';

test.each([
  ['WAIT_OBJECT_0 + 2', 2],
  ['WAIT_OBJECT_0+63', 63],
  ['WAIT_OBJECT_0 + 64', undefined],
  ['WAIT_ABANDONED_0 + 1', 0x81],
  ['WM_USER + 1', 0x401],
  ['WM_USER + 60000', undefined],
  ['ERROR_NOT_ENOUGH_QUOTA', 1816],
  ['STATUS_SUSPEND_COUNT_EXCEEDED', 0xc000004a],
  ['WAIT_TIMEOUT + 1', undefined],
  ['toString', undefined],
])('%s is %s', (name, number) => {
  expect(numberOfName(name)).toBe(number);
});

test('what is shown can be written', () => {
  for (const value of [0, 1, 63, 0x80, 0xbf, 0xc0, 0x102, 0xffffffff])
    expect(numberOfName(waitResultName(value))).toBe(value);
  for (const name of numberNames()) {
    const value = numberOfName(name)!;
    if (name.startsWith('ERROR_')) expect(errorName(value)).toBe(name);
    if (name.startsWith('STATUS_') && !['STATUS_WAIT_0', 'STATUS_ABANDONED'].includes(name))
      expect(statusName(value)).toBe(name);
  }
});

test('generic rights have their names', () => {
  expect(['GENERIC_ALL', 'GENERIC_EXECUTE', 'MAXIMUM_ALLOWED'].map(accessOfName)).toEqual([
    0x10000000, 0x20000000, 0x2000000,
  ]);
});
