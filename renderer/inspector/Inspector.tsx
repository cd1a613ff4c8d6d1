import { Tab, TabList } from '@fluentui/react-components';
import { lazy, Suspense } from 'react';
import { Splitter } from '../controls/Splitter.tsx';
import { useSnapshotPart } from '../snapshot.ts';
import { setTab, useChoices, type InspectorTab } from '../store.ts';
import { Details } from './Details.tsx';
import { Log } from './Log.tsx';
import { useInspectorOpen } from './use-inspector-open.ts';
import { VerdictView } from './VerdictView.tsx';
import './inspector.css';

// recharts is a third of the page's code: the first paint does not wait for it.
const Statistics = lazy(() => import('./Statistics.tsx'));

export function Inspector() {
  const isOpen = useInspectorOpen();
  const tab = useChoices((choices) => choices.tab);
  const widthCss = useChoices((choices) => choices.inspectorCss);
  const verdict = useSnapshotPart((snapshot) => snapshot?.verdict?.status);
  if (!isOpen) return null;
  return (
    <aside className="inspector" style={{ width: widthCss }} aria-label="Inspector">
      <Splitter panel="inspectorCss" className="split-inspector" label="Width of the inspector" isMirrored />
      <TabList
        size="small"
        selectedValue={tab}
        onTabSelect={(_, { value }) => setTab(value as InspectorTab)}
        className="inspector-tabs"
      >
        <Tab value="details">Details</Tab>
        <Tab value="statistics">Statistics</Tab>
        <Tab value="log">Log</Tab>
        <Tab value="verdict">Verdict{verdict === 'passed' ? ' ✓' : verdict === 'failed' ? ' ✗' : ''}</Tab>
      </TabList>
      <div className="inspector-body" role="tabpanel" aria-label={tab} tabIndex={0}>
        {tab === 'details' && <Details />}
        {tab === 'statistics' && (
          <Suspense>
            <Statistics />
          </Suspense>
        )}
        {tab === 'log' && <Log />}
        {tab === 'verdict' && <VerdictView />}
      </div>
    </aside>
  );
}
