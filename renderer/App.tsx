import { FluentProvider, RendererProvider } from '@fluentui/react-components';
import { useEffect, useMemo, type CSSProperties, type MouseEvent } from 'react';
import { cssVariables } from '../timeline/palette.ts';
import { Board } from './board/Board.tsx';
import { Narrator } from './board/Narrator.tsx';
import { useAppInfo, useSettings } from './app-info.ts';
import { CallDialog } from './calls/CallDialog.tsx';
import { AboutDialog } from './controls/AboutDialog.tsx';
import { ExportBar } from './controls/ExportBar.tsx';
import { InterruptedBar } from './controls/InterruptedBar.tsx';
import { KeysDialog } from './controls/KeysDialog.tsx';
import { Notices } from './controls/Notices.tsx';
import { Toolbar } from './controls/Toolbar.tsx';
import { useKeys } from './controls/use-keys.ts';
import { NewObjectDialog } from './objects/NewObjectDialog.tsx';
import { ObjectStrip } from './objects/ObjectStrip.tsx';
import { Inspector } from './inspector/Inspector.tsx';
import { THEMES, useColours } from './theme/appearance.ts';
import { styleRenderer } from './theme/nonce.ts';
import { Transport } from './timeline/Transport.tsx';

export function App() {
  const colours = useColours();
  const info = useAppInfo();
  const labColours = useMemo(() => cssVariables(colours) as CSSProperties, [colours]);
  useSettings();
  useKeys();
  useEffect(() => {
    document.documentElement.style.colorScheme = colours;
  }, [colours]);
  return (
    <RendererProvider renderer={styleRenderer} targetDocument={document}>
      <FluentProvider theme={THEMES[colours]} className="provider">
        <div className="app" style={labColours} onMouseDown={leaveFocus}>
          <div>
            <Toolbar info={info} colours={colours} />
            <InterruptedBar />
            <ExportBar />
          </div>
          <main className="workspace">
            <div className="stage">
              <Board colours={colours} />
              <ObjectStrip />
            </div>
            <Inspector />
          </main>
          <Transport colours={colours} />
        </div>
        <Narrator />
        <Notices />
        <AboutDialog info={info} />
        <CallDialog />
        <NewObjectDialog />
        <KeysDialog />
      </FluentProvider>
    </RendererProvider>
  );
}

/** A click on a button leaves the focus where it was: otherwise Space, which pauses, would press that button again. */
function leaveFocus(event: MouseEvent): void {
  if (event.target instanceof Element && event.target.closest('button:not([role])') !== null)
    event.preventDefault();
}
