import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  ProgressBar,
} from '@fluentui/react-components';
import { send } from '../commands.ts';
import { useExportProgress } from '../export-progress.ts';
import { CONTROLS } from '../texts.ts';
import { Tip } from './Tip.tsx';

/** How far an export is, with a way out; nothing while there is none, or while it is quick. */
export function ExportBar() {
  const progress = useExportProgress((state) => state.progress);
  if (progress === null) return null;
  const percent = Math.floor(progress.share * 100);
  return (
    <MessageBar intent="info" layout="singleline" politeness="polite">
      <MessageBarBody>
        Exporting to <b>{progress.path.replace(/^.*[\\/]/, '')}</b>, {percent} %
        <ProgressBar value={progress.share} aria-label="Export" aria-valuetext={`${percent} %`} />
      </MessageBarBody>
      <MessageBarActions>
        <Tip text={CONTROLS.cancelExport}>
          <Button size="small" onClick={() => send({ type: 'cancelExport' })}>
            Cancel
          </Button>
        </Tip>
      </MessageBarActions>
    </MessageBar>
  );
}
