/**
 * Rates of the last minute as a stepped graph: to the target above the axis, back below, one scale for both. Owns the
 * canvas of uPlot; what is drawn comes in as samples. Its words are in the label, since a canvas says nothing.
 */
import { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatRate, formatTime } from './format.ts';
import styles from './live-chart.module.css';

/** A moment (wall clock, milliseconds) and its rates in bytes per second. */
export interface Sample {
  readonly at: number;
  readonly to: number;
  readonly back: number;
}

/** A moment that a person should see: a vertical line with a word. */
export interface Mark {
  readonly at: number;
  readonly kind: 'connect' | 'fault';
  readonly words: string;
}

const noMarks: readonly Mark[] = [];
const FONT = '12px "IBM Plex Sans Variable", sans-serif';
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

interface LiveChartProps {
  samples: readonly Sample[];
  /** The right end of the graph, wall clock milliseconds. */
  until: number;
  /** How much of the past is shown. */
  spanSeconds?: number;
  marks?: readonly Mark[];
  label: string;
  className?: string | undefined;
}

export function LiveChart({ samples, until, spanSeconds = 60, marks = noMarks, label, className }: LiveChartProps) {
  const shownMarks = useRef(marks);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = new uPlot(
      options(element, () => shownMarks.current),
      [[], [], []],
      element,
    );
    chart.current = plot;
    const resized = new ResizeObserver(() => plot.setSize(sizeOf(element)));
    resized.observe(element);
    // Another theme has other colours: they are read when it draws.
    const restyled = new MutationObserver(() => plot.redraw(false, true));
    restyled.observe(document.documentElement, { attributes: true });
    return () => {
      resized.disconnect();
      restyled.disconnect();
      plot.destroy();
      chart.current = undefined;
    };
  }, []);
  useEffect(() => {
    const plot = chart.current;
    if (!plot) return;
    shownMarks.current = marks;
    const most = Math.max(100, ...samples.flatMap(({ to, back }) => [to, back]));
    plot.batch(() => {
      plot.setData(
        [samples.map(({ at }) => at / 1000), samples.map(({ to }) => to), samples.map(({ back }) => -back)],
        false,
      );
      plot.setScale('x', { min: until / 1000 - spanSeconds, max: until / 1000 });
      plot.setScale('y', { min: -most * 1.1, max: most * 1.1 });
    });
  }, [samples, until, spanSeconds, marks]);
  return <div ref={box} className={`${styles.chart} ${className ?? ''}`} role="img" aria-label={label} />;
}

const sizeOf = (element: HTMLElement) => ({ width: element.clientWidth, height: element.clientHeight });

function options(element: HTMLElement, marks: () => readonly Mark[]): uPlot.Options {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const way = (name: string): uPlot.Series => ({
    stroke: () => colour(name),
    fill: () => `color-mix(in srgb, ${colour(name)} 20%, transparent)`,
    width: 1.5,
    points: { show: false },
    ...(stepped && { paths: stepped }),
  });
  const axis = { stroke: () => colour('--ink2'), font: FONT };
  const none = { show: false };
  return {
    ...sizeOf(element),
    legend: none,
    cursor: none,
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    padding: [8, 28, 0, 0],
    scales: { x: { time: false, auto: false }, y: { auto: false } },
    axes: [
      {
        ...axis,
        size: 26,
        grid: none,
        ticks: { stroke: () => colour('--control'), width: 1, size: 4 },
        incrs: [10, 60, 120, 600],
        space: 72,
        values: (_, seconds) => seconds.map((second) => formatTime(second * 1000, true)),
      },
      {
        ...axis,
        size: 82,
        grid: { stroke: () => `color-mix(in srgb, ${colour('--line-strong')} 45%, transparent)`, width: 1 },
        ticks: none,
        space: 34,
        values: (_, rates) => rates.map((rate) => (rate === 0 ? '0' : formatRate(Math.abs(rate)))),
      },
    ],
    series: [{}, way('--to-target'), way('--to-source')],
    hooks: { drawAxes: [drawZero], draw: [(plot) => drawMarks(plot, marks())] },
  };
}

/** The axis between the two directions is stronger than the lines of the grid. */
function drawZero(plot: uPlot): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(0, 'y', true));
  ctx.save();
  ctx.strokeStyle = colour('--control');
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** From the right, the newest first; words that have no room are left out, their lines are not. */
function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `600 ${12 * devicePixelRatio}px "IBM Plex Sans Variable", sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.lineWidth = 1.5 * devicePixelRatio;
  let room = bbox.left + bbox.width;
  for (const { at, kind, words } of [...marks].sort((a, b) => b.at - a.at)) {
    const x = Math.round(plot.valToPos(at / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colour(kind === 'fault' ? '--fault' : '--active');
    ctx.fillStyle = ctx.strokeStyle;
    ctx.setLineDash(kind === 'fault' ? [] : [3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(words).width + 6 * devicePixelRatio;
    if (x > room || x - width < bbox.left) continue;
    ctx.fillText(words, x - width, bbox.top + 10 * devicePixelRatio);
    room = x - width;
  }
  ctx.restore();
}
