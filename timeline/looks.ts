import { SpanType } from '../apc-model/span-track.ts';
import type { Look } from './draw-list.ts';
import type { ColourName } from './palette.ts';

const OF_TYPE: Readonly<Record<SpanType, Look>> = {
  [SpanType.alive]: 'running',
  [SpanType.wait]: 'wait',
  [SpanType.alertableWait]: 'alertable',
  [SpanType.call]: 'call',
  [SpanType.apc]: 'apc',
  [SpanType.waitingForStep]: 'step',
  [SpanType.suspended]: 'suspended',
  [SpanType.notStarted]: 'notStarted',
};

export const lookOf = (type: number): Look => OF_TYPE[type as SpanType];

/** The colours of a look, by name. `pattern` where the fill alone doesn't say it all. */
export interface LookColours {
  fill: ColourName;
  edge: ColourName;
  text: ColourName;
  pattern?: { kind: 'hatch' | 'cross'; colour: ColourName };
  dashed?: boolean;
}

export const LOOK_COLOURS: Readonly<Record<Look, LookColours>> = {
  running: { fill: 'runningFill', edge: 'runningEdge', text: 'runningText' },
  call: { fill: 'callFill', edge: 'callEdge', text: 'callText' },
  wait: { fill: 'waitFill', edge: 'waitEdge', text: 'waitText' },
  alertable: {
    fill: 'alertableFill',
    edge: 'alertableEdge',
    text: 'alertableText',
    pattern: { kind: 'hatch', colour: 'alertableHatch' },
  },
  step: { fill: 'stepFill', edge: 'stepEdge', text: 'stepText', dashed: true },
  suspended: {
    fill: 'suspendedFill',
    edge: 'suspendedEdge',
    text: 'suspendedText',
    pattern: { kind: 'cross', colour: 'suspendedHatch' },
  },
  notStarted: { fill: 'background', edge: 'stepEdge', text: 'mutedText', dashed: true },
  apc: { fill: 'apcFill', edge: 'apcEdge', text: 'apcText' },
};

/** What each look means, for legends and tooltips. */
export const LOOK_WORDS: Readonly<Record<Look, string>> = {
  running: 'running',
  call: 'running, in a call of the lab',
  wait: 'waiting, not alertable: no APC can run',
  alertable: 'alertable wait: APCs run now',
  step: 'waiting for your next step (not alertable)',
  suspended: 'suspended',
  notStarted: 'created, not started yet',
  apc: 'running an APC',
};
