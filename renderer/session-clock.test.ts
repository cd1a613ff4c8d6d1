import { expect, test } from 'vitest';
import { SessionClock } from './session-clock.ts';

test('it runs on by itself between two messages and stops with the session', () => {
  let hostMs = 1000;
  const clock = new SessionClock(() => hostMs);
  clock.say(5e6, true);
  hostMs += 20;
  expect(clock.nowNs).toBe(25e6);
  clock.say(30e6, false);
  hostMs += 500;
  expect(clock.nowNs).toBe(30e6);
});

test('a message that was long on its way does not turn it back', () => {
  let hostMs = 0;
  const clock = new SessionClock(() => hostMs);
  clock.say(0, true);
  hostMs = 50;
  expect(clock.nowNs).toBe(50e6);
  clock.say(45e6, true);
  expect(clock.nowNs).toBe(50e6);
  hostMs = 60;
  expect(clock.nowNs).toBe(55e6);
});
