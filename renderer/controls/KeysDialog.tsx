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
import { showDialog, useChoices } from '../store.ts';
import { KEYS } from '../texts.ts';
import './dialogs.css';

export function KeysDialog() {
  const isOpen = useChoices((choices) => choices.dialog === 'keys');
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => showDialog(open ? 'keys' : 'none')}>
      <DialogSurface className="dialog-narrow">
        <DialogBody>
          <DialogTitle>All keys</DialogTitle>
          <DialogContent>
            <dl className="facts">
              {KEYS.map(({ keys, does }) => (
                <div key={keys}>
                  <dt>{keys}</dt>
                  <dd>{does}</dd>
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
