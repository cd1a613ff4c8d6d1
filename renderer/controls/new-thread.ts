import { ask } from '../commands.ts';
import { followLive, select } from '../store.ts';

/** Makes a hand-driven thread and selects it, so that the next key acts on it. */
export async function newThread(suspended: boolean): Promise<void> {
  const created = await ask({ type: 'createThread', suspended });
  if (created === undefined) return;
  followLive();
  select({ type: 'thread', thread: created.thread });
}
