import { beforeEach, expect, test } from 'vitest';
import {
  followLive,
  forgetSession,
  pause,
  play,
  playOn,
  resizePanel,
  select,
  setAppearance,
  setAxis,
  setView,
  showInstant,
  useChoices,
} from './store.ts';

const now = () => useChoices.getState();
beforeEach(() => useChoices.setState(useChoices.getInitialState(), true));

test('an instant takes the board off the live end; following returns to it', () => {
  showInstant(1e9, 12);
  expect(now().cursor).toEqual({ mode: 'at', timeNs: 1e9, count: 12 });
  followLive();
  expect(now().cursor).toEqual({ mode: 'live' });
});

test('only a held instant can play on; choosing another one holds again', () => {
  play();
  expect(now().playing).toBe(false);
  showInstant(1e9, 12);
  play();
  expect(now().playing).toBe(true);
  playOn(2e9, 20);
  expect(now().playing).toBe(true);
  showInstant(0, 0);
  expect(now().playing).toBe(false);
  play();
  pause();
  expect(now()).toMatchObject({ playing: false, cursor: { timeNs: 0 } });
});

test('following live lets go of a fixed stretch, but keeps a zoom that follows', () => {
  setView({ mode: 'fixed', start: 5, span: 10 });
  followLive();
  expect(now().view).toEqual({ mode: 'fit' });
  setView({ mode: 'follow', span: 10 });
  followLive();
  expect(now().view).toEqual({ mode: 'follow', span: 10 });
});

test('a stretch of one axis is not taken to the other', () => {
  setView({ mode: 'fixed', start: 5, span: 10 });
  setAxis('events');
  expect(now()).toMatchObject({ axis: 'events', view: { mode: 'fit' } });
});

test('a new session forgets what was chosen in the old one and keeps how the window looks', () => {
  select({ type: 'thread', thread: 3 });
  showInstant(1e9, 12);
  setAppearance('dark');
  resizePanel('queuesCss', 400);
  forgetSession();
  expect(now()).toMatchObject({
    selection: null,
    cursor: { mode: 'live' },
    appearance: 'dark',
    queuesCss: 400,
  });
});

test('a panel stays within its limits', () => {
  resizePanel('headerCss', 5);
  expect(now().headerCss).toBe(176);
  resizePanel('headerCss', 5000);
  expect(now().headerCss).toBe(360);
});
