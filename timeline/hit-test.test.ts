import { expect, test } from 'vitest';
import { buildDrawList } from './draw-list.ts';
import { EventAxis } from './event-axis.ts';
import { hitTest, type Hit } from './hit-test.ts';
import { FIRST, SECOND, seedTrace } from './seed-trace.ts';
import { tooltipOf } from './tooltip.ts';
import { fitAll } from './viewport.ts';

const trace = seedTrace();
const nowNs = trace.table.endNs;
const view = fitAll(new EventAxis(trace.table), 1400, nowNs);
const boxes = [FIRST, SECOND].map((thread, at) => ({ thread, topCss: at * 120, heightCss: 120 }));
const list = buildDrawList(trace, view, boxes, { nowNs });

const middle = (box: {
  xCss: number;
  yCss: number;
  widthCss: number;
  heightCss: number;
}): [number, number] => [box.xCss + box.widthCss / 2, box.yCss + box.heightCss / 2];
const tip = (hit: Hit | undefined): string => {
  const { title, lines } = tooltipOf(trace, list, hit!, nowNs);
  return [title, ...lines.map(({ name, text }) => `${name}: ${text}`)].join(' | ').replaceAll('\u2009', ' ');
};

test('a bar, with its call and result', () => {
  const sleep = list.bars.find(({ look }) => look === 'wait')!;
  const hit = hitTest(list, ...middle(sleep));
  expect(hit).toMatchObject({ type: 'span', thread: FIRST, track: 'life', span: sleep.span });
  expect(tip(hit)).toBe(
    'Sleep(5000) | state: waiting, not alertable: no APC can run | began: 0.000 101 s | lasted: 5 s | result: returned',
  );
});

test('an APC in the queue, and the same APC running', () => {
  const waiting = list.waiting.find(({ lane }) => lane === 1)!;
  expect(hitTest(list, ...middle(waiting))).toMatchObject({ type: 'apc', apc: 2, thread: SECOND });
  const running = list.bars.find(({ look }) => look === 'apc')!;
  expect(tip(hitTest(list, running.xCss + 4, running.yCss + 9))).toContain(
    'APC 2: callback | queued by: listening_thread, QueueUserAPC | on: listening_thread',
  );
});

test('the cross of a lost APC lies above everything', () => {
  const lost = list.marks.find(({ kind }) => kind === 'lost')!;
  const hit = hitTest(list, ...middle(lost));
  expect(hit).toMatchObject({ type: 'event', event: lost.event });
  expect(tip(hit)).toContain('APC 1 lost: its thread ended before it could run');
});

test('a pill leads to its wait', () => {
  expect(tip(hitTest(list, ...middle(list.pills[0]!)))).toContain(
    'SleepEx(9999999, TRUE) | state: alertable wait: APCs run now',
  );
});

test('an empty place gives the thread and the instant; outside the lanes there is nothing', () => {
  expect(hitTest(list, 1395, 118)).toMatchObject({ type: 'lane', thread: FIRST });
  expect(hitTest(list, 700, 300)).toBeUndefined();
  expect(hitTest(list, -5, 50)).toBeUndefined();
});
