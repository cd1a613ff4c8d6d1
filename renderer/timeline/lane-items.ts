import { Call, Kind } from '../../apc-model/event.ts';
import { hitTest, type Hit } from '../../timeline/hit-test.ts';
import { tooltipOf, type Tooltip } from '../../timeline/tooltip.ts';
import { timeNs } from '../../timeline/viewport.ts';
import { shownInstant } from '../lab.ts';
import { inspect, select } from '../store.ts';
import { showRange } from './lane-view.ts';
import { paintedAt } from './paint-lanes.ts';

/** What lies under the pointer. */
export function hitAt(xInLane: number, yInLane: number): Hit | undefined {
  const painted = paintedAt(xInLane);
  return painted === undefined ? undefined : hitTest(painted.list, xInLane, yInLane);
}

/** In words; nothing for a lane’s empty part. */
export function wordsOf(hit: Hit | undefined): Tooltip | undefined {
  if (hit === undefined || hit.type === 'lane') return undefined;
  const painted = paintedAt(hit.box.xCss);
  return painted === undefined
    ? undefined
    : tooltipOf(painted.trace, painted.list, hit, shownInstant().liveNs);
}

/** A click on an APC, a call or a mark shows its details, on anything else those of its thread. */
export function selectHit(hit: Hit): void {
  const trace = paintedAt(hit.box.xCss)?.trace;
  const { thread } = hit;
  if (trace === undefined) return;
  if (hit.type === 'apc') inspect({ type: 'apc', apc: hit.apc, thread });
  else if (hit.type === 'event' && trace.table.kind(hit.event) === Kind.apcLost) {
    inspect({ type: 'apc', apc: trace.table.subject(hit.event), thread });
  } else if (hit.type === 'span' && hit.track === 'life') {
    const { life } = trace.spans.threads.get(thread)!;
    const apc = life.apc(hit.span);
    if (apc !== undefined) inspect({ type: 'apc', apc, thread });
    else if (life.call(hit.span) !== Call.none)
      inspect({ type: 'call', began: life.began(hit.span), thread });
    else select({ type: 'thread', thread });
  } else select({ type: 'thread', thread });
}

/** How much room a thing gets on either side when it is zoomed to, as a share of its length. */
const MARGIN = 0.2;

/** Zooms to a bar or to what is folded under the pointer. */
export function zoomToHit(hit: Hit): void {
  const view = paintedAt(hit.box.xCss)?.list.view;
  if (view === undefined || hit.type === 'lane') return;
  const startNs = timeNs(view, hit.box.xCss);
  const endNs = timeNs(view, hit.box.xCss + hit.box.widthCss);
  const marginNs = (endNs - startNs) * MARGIN;
  showRange(startNs - marginNs, endNs + marginNs);
}
