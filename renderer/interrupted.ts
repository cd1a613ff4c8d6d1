import { create } from 'zustand';
import type { InterruptedSession } from '../apc-model/app-api.ts';

/** Sessions whose process ended before it could, until the user has said what becomes of them. */
export const interruptedSessions = create<{ sessions: readonly InterruptedSession[] }>()(() => ({
  sessions: [],
}));
