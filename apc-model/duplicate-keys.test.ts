import { expect, test } from 'vitest';
import { duplicateKeys } from './duplicate-keys.ts';
import { parseScenario } from './scenario.ts';

test('a key that stands twice in one object is found, however it is written', () => {
  expect(duplicateKeys('{"a": 1, "b": {"a": [1, {"c": "x", "c": "}"}]}, "\\u0061": 2}')).toEqual([
    '$.b.a[1].c',
    '$.a',
  ]);
});

test('the same key in different objects is none, nor is one in a text', () => {
  expect(duplicateKeys('[{"a": "\\"a\\": {"}, {"a": ",:"}]')).toEqual([]);
});

test('a scenario whose expectations are replaced by a second list is refused', () => {
  const json = '{"alertable": 1, "title": "T", "expect": [{"log": ["A"]}], "expect": []}';
  expect(() => parseScenario(json)).toThrow('$.expect: stands twice; remove one');
});
