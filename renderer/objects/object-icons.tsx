import {
  ArrowEnterRegular,
  ArrowExitRegular,
  BookmarkRegular,
  BoxRegular,
  DocumentRegular,
  FlagRegular,
  KeyRegular,
  LockClosedRegular,
  MailInboxRegular,
  NumberSymbolRegular,
  ShieldRegular,
  TimerRegular,
} from '@fluentui/react-icons';
import type { ObjectTypeName } from '../../apc-model/event.ts';

const ICONS: Readonly<Partial<Record<ObjectTypeName, typeof FlagRegular>>> = {
  event: FlagRegular,
  semaphore: NumberSymbolRegular,
  mutex: LockClosedRegular,
  timer: TimerRegular,
  file: DocumentRegular,
  pipeRead: ArrowExitRegular,
  pipeWrite: ArrowEnterRegular,
  port: MailInboxRegular,
  reserve: BookmarkRegular,
  criticalSection: ShieldRegular,
  handle: KeyRegular,
};

export function ObjectIcon({ type }: { type: ObjectTypeName }) {
  const Icon = ICONS[type] ?? BoxRegular;
  return <Icon aria-hidden />;
}
