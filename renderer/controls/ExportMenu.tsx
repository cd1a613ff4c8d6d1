import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import {
  ArrowExportRegular,
  CopyRegular,
  DocumentTableRegular,
  ImageRegular,
  SaveRegular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import type { PictureColours, PictureRequest, TraceFormat } from '../../apc-model/app-api.ts';
import { visibleRange } from '../../timeline/viewport.ts';
import { ask } from '../commands.ts';
import { notify } from '../notices.ts';
import { useSnapshotPart } from '../snapshot.ts';
import { showDialog, useChoices } from '../store.ts';
import { CONTROLS } from '../texts.ts';
import { laneView } from '../timeline/lane-view.ts';
import { Tip } from './Tip.tsx';
import { asButton } from './trigger-props.ts';

type Extent = 'session' | 'view';

export function ExportMenu({ colours }: { colours: PictureColours }) {
  const isOpen = useChoices((choices) => choices.dialog === 'export');
  const hasTrace = useSnapshotPart((snapshot) => snapshot !== undefined);
  const [extent, setExtent] = useState<Extent>('session');
  const picture = (): PictureRequest => ({
    range: extent === 'view' ? viewRange() : null,
    widthPx: 1600,
    scale: 2,
    colours,
  });
  return (
    <Menu
      positioning="below-end"
      open={isOpen}
      onOpenChange={(_, { open }) => showDialog(open ? 'export' : 'none')}
      checkedValues={{ extent: [extent] }}
      onCheckedValueChange={(_, { checkedItems }) => setExtent(checkedItems[0] as Extent)}
    >
      <MenuTrigger disableButtonEnhancement>
        {(trigger) => (
          <Tip text={CONTROLS.exportPicture}>
            <Button
              {...asButton(trigger)}
              size="small"
              icon={<ArrowExportRegular />}
              disabledFocusable={!hasTrace}
            >
              Export
            </Button>
          </Tip>
        )}
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={<ImageRegular />} onClick={() => void savePicture('png', picture())}>
            PNG…
          </MenuItem>
          <MenuItem icon={<ImageRegular />} onClick={() => void savePicture('svg', picture())}>
            SVG…
          </MenuItem>
          <MenuItem icon={<CopyRegular />} onClick={() => void copyPicture(picture())}>
            Copy PNG
          </MenuItem>
          <MenuItem icon={<SaveRegular />} onClick={() => void saveTrace()}>
            Trace…
          </MenuItem>
          {TEXT_FORMATS.map(({ format, label }) => (
            <MenuItem
              key={format}
              icon={<DocumentTableRegular />}
              onClick={() => void exportTrace(format, picture().range)}
            >
              {label}
            </MenuItem>
          ))}
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>Pictures and texts show</MenuGroupHeader>
            <MenuItemRadio name="extent" value="session" persistOnClick>
              The whole session
            </MenuItemRadio>
            <MenuItemRadio name="extent" value="view" persistOnClick>
              What is in view
            </MenuItemRadio>
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

const TEXT_FORMATS: readonly { format: TraceFormat; label: string }[] = [
  { format: 'chromeJson', label: 'Chrome JSON…' },
  { format: 'csv', label: 'CSV…' },
  { format: 'jsonLines', label: 'JSON lines…' },
];

function viewRange(): PictureRequest['range'] {
  const view = laneView();
  if (view === undefined) return null;
  const { startNs, endNs } = visibleRange(view);
  return { startNs: Math.max(0, startNs), endNs };
}

async function savePicture(format: 'png' | 'svg', picture: PictureRequest): Promise<void> {
  const saved = await ask({ type: 'savePicture', format, picture });
  if (saved !== undefined && saved !== null) notify('success', `Saved ${saved.path}`);
}

async function saveTrace(): Promise<void> {
  const saved = await ask({ type: 'saveTrace' });
  if (saved !== undefined && saved !== null) notify('success', `Saved ${saved.path}`);
}

async function exportTrace(format: TraceFormat, range: PictureRequest['range']): Promise<void> {
  const saved = await ask({ type: 'exportTrace', format, range });
  if (saved !== undefined && saved !== null) notify('success', `Saved ${saved.path}`);
}

async function copyPicture(picture: PictureRequest): Promise<void> {
  const painted = await ask({ type: 'paintPng', picture });
  if (painted === undefined) return;
  try {
    const png = new Blob([new Uint8Array(painted.png)], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    notify('success', 'The picture is on the clipboard.');
  } catch (error) {
    notify(
      'error',
      `The clipboard refused the picture (${error instanceof Error ? error.message : String(error)}). Save it as PNG instead.`,
    );
  }
}
