import {
  Toast,
  ToastBody,
  ToastTitle,
  ToastTrigger,
  Toaster,
  Button,
  useId,
  useToastController,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import { takeNotices, useNotices } from '../notices.ts';

const TITLES = {
  error: 'That did not work',
  warning: 'Please note',
  info: 'For your information',
  success: 'Done',
} as const;

/** Shows waiting notices as toasts. An error stays until it is closed. */
export function Notices() {
  const toaster = useId('notices');
  const { dispatchToast } = useToastController(toaster);
  const waiting = useNotices((state) => state.waiting);
  useEffect(() => {
    for (const { level, text } of takeNotices()) {
      dispatchToast(
        <Toast>
          <ToastTitle
            action={
              <ToastTrigger>
                <Button
                  appearance="transparent"
                  size="small"
                  icon={<DismissRegular />}
                  aria-label="Dismiss"
                />
              </ToastTrigger>
            }
          >
            {TITLES[level]}
          </ToastTitle>
          <ToastBody className="selectable">{text}</ToastBody>
        </Toast>,
        { intent: level, timeout: level === 'error' ? -1 : 6000, pauseOnHover: true },
      );
    }
  }, [waiting, dispatchToast]);
  return (
    <Toaster toasterId={toaster} position="bottom-end" offset={{ horizontal: 12, vertical: 52 }} limit={4} />
  );
}
