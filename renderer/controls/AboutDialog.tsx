import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from '@fluentui/react-components';
import type { AppInfo } from '../../apc-model/app-api.ts';
import { showDialog, useChoices } from '../store.ts';
import './dialogs.css';

export function AboutDialog({ info }: { info: AppInfo | undefined }) {
  const isOpen = useChoices((choices) => choices.dialog === 'about');
  const electron =
    info === undefined
      ? ''
      : `Electron ${info.electronVersion}${info.electronSource === '' ? '' : ` (${info.electronSource} build)`}`;
  const lines: [string, string][] = [
    ['Alertable', info?.appVersion ?? ''],
    ['Engine', info?.engineLabel ?? ''],
    ['System', info?.os ?? ''],
    ['Window', electron],
    ['Chromium', info?.chromiumVersion ?? ''],
    ['Node.js', info?.nodeVersion ?? ''],
  ];
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => showDialog(open ? 'about' : 'none')}>
      <DialogSurface className="dialog-narrow">
        <DialogBody>
          <DialogTitle>About Alertable</DialogTitle>
          <DialogContent>
            <p>
              A laboratory for Windows user APCs: see what waits in a thread’s APC queue, when the thread
              becomes alertable, and what ran.
            </p>
            <dl className="facts selectable">
              {lines.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary">Close</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
