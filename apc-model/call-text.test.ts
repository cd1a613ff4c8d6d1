import { describe, expect, it } from 'vitest';
import { durationText, resultText } from './call-text.ts';
import { Call } from './event.ts';

describe('a length of time', () => {
  it.each([
    [0, '0 ns'],
    [40.4, '40 ns'],
    [999.6, '1 µs'],
    [850_000, '850 µs'],
    [999_700, '1 ms'],
    [99_960_000, '100 ms'],
    [12_340_000, '12.3 ms'],
    [4.2e9, '4.2 s'],
    [59.96e9, '1 min 0 s'],
    [119.7e9, '2 min 0 s'],
    [150e9, '2 min 30 s'],
  ])('%d ns is %s', (ns, text) => {
    expect(durationText(ns)).toBe(text);
  });
});

describe('a result', () => {
  it.each([
    [Call.sleepEx, 0, '0'],
    [Call.sleepEx, 0xc0, 'WAIT_IO_COMPLETION (0xC0)'],
    [Call.waitForSingleObjectEx, 0, 'WAIT_OBJECT_0 (0x0)'],
    [Call.suspendThread, 2, '2'],
  ])('of call %d with %d is %s', (call, value, text) => {
    expect(resultText(call, value)).toBe(text);
  });
});
