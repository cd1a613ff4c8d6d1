import { create } from 'zustand';
import type { Appearance } from '../apc-model/app-api.ts';
import type { ApcId, EventIndex, ThreadIndex } from '../apc-model/event.ts';

/** What the inspector and the row controls are about. */
export type Selection =
  | { type: 'thread'; thread: ThreadIndex }
  | { type: 'apc'; apc: ApcId; thread: ThreadIndex }
  | { type: 'call'; began: EventIndex; thread: ThreadIndex };

/** The instant that the board shows: the live end, or the one after the first `count` events. */
export type Cursor = { mode: 'live' } | { mode: 'at'; timeNs: number; count: number };

/**
 * The stretch of the axis that the lanes show, in the axis' positions (see timeline/time-axis.ts): everything, `span`
 * before the live end, or a fixed stretch.
 */
export type View =
  { mode: 'fit' } | { mode: 'follow'; span: number } | { mode: 'fixed'; start: number; span: number };

export type AxisMode = 'time' | 'events';
export type InspectorTab = 'details' | 'statistics' | 'log' | 'verdict';
export type DialogName = 'none' | 'about' | 'keys' | 'export' | 'object' | 'call';
export const SPEEDS = [0.01, 0.1, 0.25, 0.5, 1, 2, 5] as const;

export const PANEL_LIMITS = {
  headerCss: [176, 360],
  queuesCss: [200, 560],
  inspectorCss: [224, 560],
} as const;
export type PanelName = keyof typeof PANEL_LIMITS;

export interface Choices {
  selection: Selection | null;
  cursor: Cursor;
  playing: boolean;
  speed: number;
  view: View;
  axis: AxisMode;
  appearance: Appearance;
  headerCss: number;
  queuesCss: number;
  inspectorCss: number;
  /** null until the user chose: then the window's width decides. */
  inspectorOpen: boolean | null;
  tab: InspectorTab;
  dialog: DialogName;
  /** The thread that the dialog `call` is about. */
  caller: ThreadIndex | null;
}

const INITIAL: Choices = {
  selection: null,
  cursor: { mode: 'live' },
  playing: false,
  speed: 1,
  view: { mode: 'fit' },
  axis: 'events',
  appearance: 'system',
  headerCss: 252,
  queuesCss: 322,
  inspectorCss: 264,
  inspectorOpen: null,
  tab: 'details',
  dialog: 'none',
  caller: null,
};

/** What the user chose, and nothing else: what happened is in the trace. */
export const useChoices = create<Choices>()(() => INITIAL);

const set = useChoices.setState;

export const select = (selection: Selection | null): void => set({ selection });

/** Selects, and shows its details. */
export const inspect = (selection: Selection): void => set({ selection, tab: 'details' });

/** The board shows this instant; recording goes on. */
export const showInstant = (timeNs: number, count: number): void =>
  set({ cursor: { mode: 'at', timeNs, count }, playing: false });

/** As showInstant, but the replay goes on from there. */
export const playOn = (timeNs: number, count: number): void => set({ cursor: { mode: 'at', timeNs, count } });

export const followLive = (): void =>
  set(({ view }) => ({
    cursor: { mode: 'live' },
    playing: false,
    ...(view.mode === 'fixed' ? { view: { mode: 'fit' } } : {}),
  }));

export const play = (): void => set(({ cursor }) => (cursor.mode === 'at' ? { playing: true } : {}));
export const pause = (): void => set({ playing: false });
export const setSpeed = (speed: number): void => set({ speed });

export const setView = (view: View): void => set({ view });
export const fitAll = (): void => set({ view: { mode: 'fit' } });

/** A stretch of one axis means nothing on the other. */
export const setAxis = (axis: AxisMode): void => set({ axis, view: { mode: 'fit' } });

export const setAppearance = (appearance: Appearance): void => set({ appearance });
export const setTab = (tab: InspectorTab): void => set({ tab, inspectorOpen: true });
export const setInspectorOpen = (inspectorOpen: boolean): void => set({ inspectorOpen });
export const showDialog = (dialog: DialogName): void => set({ dialog });
/** Lets the user choose a call for this thread to make. */
export const chooseCall = (caller: ThreadIndex): void => set({ dialog: 'call', caller });

export function resizePanel(panel: PanelName, widthCss: number): void {
  const [least, most] = PANEL_LIMITS[panel];
  set({ [panel]: Math.round(Math.min(most, Math.max(least, widthCss))) });
}

/** A new session: what was chosen in the old one's terms is gone, how the window looks stays. */
export const forgetSession = (): void =>
  set(({ dialog }) => ({
    selection: null,
    cursor: { mode: 'live' },
    playing: false,
    view: { mode: 'fit' },
    caller: null,
    dialog: dialog === 'call' || dialog === 'object' ? 'none' : dialog,
  }));
