import { memo } from 'react';
import { CartesianGrid, Legend, Line, LineChart, Tooltip, XAxis, YAxis } from 'recharts';
import type { Depths } from './depths.ts';
import './charts.css';

const HEIGHT_CSS = 200;
/** Told apart by dash as well as by colour. */
const LINES = [
  { colour: 'var(--lab-running-edge)', dash: '' },
  { colour: 'var(--lab-queued-edge)', dash: '6 3' },
  { colour: 'var(--lab-alertable-edge)', dash: '2 2' },
  { colour: 'var(--lab-suspended-edge)', dash: '8 3 2 3' },
  { colour: 'var(--lab-special-edge)', dash: '4 4' },
  { colour: 'var(--lab-wait-edge)', dash: '1 3' },
] as const;

export const DepthChart = memo(function DepthChart({
  depths,
  widthCss,
}: {
  depths: Depths;
  widthCss: number;
}) {
  return (
    <figure
      className="chart"
      aria-label={`Queue depth over time of ${depths.series.map(({ name }) => name).join(', ')}`}
    >
      <LineChart
        width={widthCss}
        height={HEIGHT_CSS}
        data={depths.rows}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
      >
        <CartesianGrid stroke="var(--lab-grid)" vertical={false} />
        <XAxis
          dataKey="seconds"
          type="number"
          domain={[0, depths.endNs / 1e9]}
          tickFormatter={(seconds: number) => `${Number(seconds.toPrecision(3))} s`}
          stroke="var(--lab-muted-text)"
          tickCount={4}
          tickLine={false}
        />
        <YAxis
          allowDecimals={false}
          width={28}
          stroke="var(--lab-muted-text)"
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          labelFormatter={(seconds) => `at ${Number(Number(seconds).toPrecision(4))} s`}
          formatter={(depth, name) => [`${String(depth)} waiting`, name]}
        />
        <Legend iconType="plainline" />
        {depths.series.map(({ thread, name }, place) => (
          <Line
            key={thread}
            type="stepAfter"
            dataKey={String(thread)}
            name={name}
            stroke={LINES[place]!.colour}
            strokeDasharray={LINES[place]!.dash}
            strokeWidth={1.5}
            dot={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </figure>
  );
});
