import { useEffect, useRef } from 'react';
import type { PictureColours } from '../../apc-model/app-api.ts';
import { frames, onPaint } from '../lab.ts';
import { OverviewPointer, paintOverview } from './paint-overview.ts';

/** The whole session in a strip; the window in it is what the lanes show, and can be dragged. */
export function Overview({ colours }: { colours: PictureColours }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const stop = onPaint(() => canvas.current !== null && paintOverview(canvas.current, colours));
    return () => void stop();
  }, [colours]);
  useEffect(() => {
    const pointer = new OverviewPointer(canvas.current!);
    const resized = new ResizeObserver(() => frames.invalidatePaint());
    resized.observe(canvas.current!);
    return () => {
      pointer.stop();
      resized.disconnect();
    };
  }, []);
  return (
    <div className="overview">
      <canvas ref={canvas} role="img" aria-label="Overview of the whole session" />
    </div>
  );
}
