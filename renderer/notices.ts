import { create } from 'zustand';
import type { NoticeLevel } from './live-feed.ts';

export interface Notice {
  id: number;
  level: NoticeLevel | 'success';
  text: string;
}

/** Sentences that wait to be shown; Notices.tsx takes them off. */
export const useNotices = create<{ waiting: readonly Notice[] }>()(() => ({ waiting: [] }));

let lastId = 0;

export function notify(level: Notice['level'], text: string): void {
  const notice = { id: ++lastId, level, text };
  useNotices.setState(({ waiting }) => ({ waiting: [...waiting, notice] }));
}

export function takeNotices(): readonly Notice[] {
  const { waiting } = useNotices.getState();
  if (waiting.length > 0) useNotices.setState({ waiting: [] });
  return waiting;
}
