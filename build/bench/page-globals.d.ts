import type { AlertableBridge } from '../../apc-model/app-api.ts';
import type { StreamProbe } from './page-probe.mjs';

declare global {
  /** The page that the bench looks at. */
  interface Window {
    readonly alertable: AlertableBridge;
    /** Put there by watchStream. */
    readonly benchProbe: StreamProbe;
    /** Put there by watchFor. */
    readonly benchSeen: Promise<Record<string, number>>;
    readonly benchBegan: number;
  }
}
