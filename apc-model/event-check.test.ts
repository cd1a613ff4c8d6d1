import { expect, it } from 'vitest';
import { EventCheck } from './event-check.ts';
import { DefinedClass, Kind, THREAD_SYSTEM } from './event.ts';

const define = (what: number, id: number) => () => new EventCheck().see(Kind.defined, 0, 0, id, what, 0, 0);

it('takes the name of the thread that expires timers, as every session of posix with a timer has it', () => {
  expect(define(DefinedClass.thread, THREAD_SYSTEM)).not.toThrow();
  expect(define(DefinedClass.thread, 4097)).not.toThrow();
});

it('refuses names of what no session can have', () => {
  expect(define(DefinedClass.thread, 0x8000)).toThrow('it names thread 32768, which no session can have');
  expect(define(DefinedClass.object, 4096)).toThrow('it names definition 4096');
  expect(define(9, 0)).toThrow('it names definition 0');
});
