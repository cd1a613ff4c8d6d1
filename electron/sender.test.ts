import { expect, test } from 'vitest';
import { isTrustedSender, type SenderFrame } from './sender.ts';

const ours: SenderFrame = {
  url: 'alertable://app/index.html',
  origin: 'alertable://app',
  parent: null,
};

test('the main frame of our window on our page is trusted', () => {
  expect(isTrustedSender(ours, true)).toBe(true);
});

test.each<[string, SenderFrame | null, boolean]>([
  ['a frame that is gone', null, true],
  ['a window that we did not make', ours, false],
  ['a frame within the page', { ...ours, parent: {} }, true],
  ['another host', { ...ours, url: 'alertable://app.evil/index.html', origin: 'alertable://app.evil' }, true],
  ['another scheme', { ...ours, url: 'https://app/index.html', origin: 'https://app' }, true],
  ['a file', { ...ours, url: 'file:///index.html', origin: 'file://' }, true],
  ['a sandboxed frame of our URL', { ...ours, origin: 'null' }, true],
  ['a blank page that inherited our origin', { ...ours, url: 'about:blank' }, true],
  ['a URL with our origin as its user', { ...ours, url: 'alertable://app@evil/' }, true],
])('%s is not', (_what, frame, isOurWindow) => {
  expect(isTrustedSender(frame, isOurWindow)).toBe(false);
});
