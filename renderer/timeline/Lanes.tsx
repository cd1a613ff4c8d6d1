import { useEffect, useRef, useState } from 'react';
import type { PictureColours } from '../../apc-model/app-api.ts';
import { frames, onPaint } from '../lab.ts';
import { LaneCard } from './LaneCard.tsx';
import { LanePointer, type LaneHover } from './lane-pointer.ts';
import { paintLanes } from './paint-lanes.ts';
import './lanes.css';

/** One canvas over every row's lane: what each thread did, on one axis. */
export function Lanes({ colours }: { colours: PictureColours }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<LaneHover>();

  useEffect(() => {
    const stop = onPaint(() => canvas.current !== null && paintLanes(canvas.current, colours));
    return () => void stop();
  }, [colours]);

  useEffect(() => {
    const element = canvas.current!;
    const pointer = new LanePointer(element, setHover);
    const resized = new ResizeObserver(() => frames.invalidatePaint());
    resized.observe(element);
    return () => {
      pointer.stop();
      resized.disconnect();
    };
  }, []);

  return (
    <div className="lanes">
      <canvas
        ref={canvas}
        data-testid="timeline"
        tabIndex={0}
        role="img"
        aria-label="Timeline of all threads. Arrow keys step from event to event."
      />
      {hover !== undefined && <LaneCard hover={hover} />}
    </div>
  );
}
