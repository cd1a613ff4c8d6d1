import { describe, expect, it } from 'vitest';
import { ABI_VERSION } from './event.ts';
import { abiDifference, statedAbi } from './abi.ts';

const described = (change: Record<string, number | undefined> = {}): string =>
  [...statedAbi(), ...Object.entries(change)]
    .filter(([name], at, all) => all.findLastIndex(([other]) => other === name) === at)
    .flatMap(([name, number]) => (number === undefined ? [] : [`${name}=${number}`]))
    .join('\n');

describe('the library’s numbers and this side’s', () => {
  it('agree where both say the same', () => {
    expect(abiDifference(described())).toBeUndefined();
  });

  it('may have lines that only the library needs', () => {
    expect(abiDifference(described({ 'apc_status.lost': 24, 'operand.none': 15 }))).toBeUndefined();
  });

  it.each([
    ['abi', ABI_VERSION + 1, `abi is ${ABI_VERSION + 1} in the library and ${ABI_VERSION} in the app`],
    ['objectType.timer', 9, 'objectType.timer is 9 in the library and 4 in the app'],
    ['thread.system', undefined, 'thread.system is missing in the library and 65535 in the app'],
    ['apc_object_entry.parameter', 16, 'apc_object_entry.parameter is 16 in the library and 8 in the app'],
    ['handle.another', 4, 'handle.another is unknown to the app'],
    ['step.another', 256, 'step.another is unknown to the app'],
  ])('differ in %s', (name, number, difference) => {
    expect(abiDifference(described({ [name]: number }))).toBe(difference);
  });
});
