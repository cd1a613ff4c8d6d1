import { useEffect, useState } from 'react';
import type { AppInfo, Settings } from '../apc-model/app-api.ts';
import { ask, send } from './commands.ts';
import { useChoices } from './store.ts';

/** What this app is and can run; undefined until main has said so. */
export function useAppInfo(): AppInfo | undefined {
  const [info, setInfo] = useState<AppInfo>();
  useEffect(() => {
    void ask({ type: 'getAppInfo' }).then(setInfo);
  }, []);
  return info;
}

/** Takes over the settings that were kept, then keeps each change. */
export function useSettings(): void {
  useEffect(() => {
    let kept: Settings | undefined;
    void ask({ type: 'getSettings' }).then((settings) => {
      kept = settings;
      if (settings !== undefined) useChoices.setState(settings);
    });
    return useChoices.subscribe(({ appearance, axis }) => {
      if (kept === undefined || (kept.appearance === appearance && kept.axis === axis)) return;
      kept = { appearance, axis };
      send({ type: 'setSettings', settings: kept });
    });
  }, []);
}
