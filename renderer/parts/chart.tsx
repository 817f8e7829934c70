/**
 * A chart over time: lines or bars in the colours of the theme, drawn anew when the theme or the width changes. What it
 * shows is in its table too; for those who do not see it, the picture has a name and no more.
 */

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface Series {
  readonly name: string;
  /** `main` is the accent colour; `beside` is quiet and dashed. */
  readonly look: 'main' | 'beside';
  readonly values: readonly (number | null)[];
}

interface Props {
  readonly label: string;
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly shape: 'line' | 'bars';
  readonly timeText: (seconds: number) => string;
  readonly valueText: (value: number) => string;
}

const HEIGHT = 190;

export function Chart(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current as HTMLDivElement;
    const theme = matchMedia('(prefers-color-scheme: dark)');
    let chart: uPlot | null = null;
    const draw = (): void => {
      chart?.destroy();
      chart = new uPlot(
        options(props, element),
        [[...props.times], ...props.series.map(({ values }) => [...values])],
        element,
      );
    };
    const resize = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height: HEIGHT }));
    draw();
    resize.observe(element);
    theme.addEventListener('change', draw);
    return () => {
      resize.disconnect();
      theme.removeEventListener('change', draw);
      chart?.destroy();
    };
  }, [props.times, props.series, props.shape]);
  return <div class="chart" role="img" aria-label={props.label} ref={place} />;
}

function options({ series, shape, timeText, valueText, times }: Props, element: HTMLElement): uPlot.Options {
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const font = `12px ${colour('--font')}`;
  const axis = { stroke: colour('--soft'), font, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const step = (times[1] ?? 1) - (times[0] ?? 0);
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: true, range: (_, from, to) => (shape === 'bars' ? [from - step / 2, to + step / 2] : [from, to]) },
      y: { range: (_, _from, to) => [0, to > 0 ? 1.08 * to : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 30, space: 80, values: (_, splits) => splits.map(timeText) },
      { ...axis, size: 52, values: (_, splits) => splits.map(valueText) },
    ],
    series: [
      {},
      ...series.map(({ look }): uPlot.Series => {
        const main = look === 'main';
        const stroke = colour(main ? '--accent' : '--soft');
        if (shape === 'bars') {
          const paths = uPlot.paths.bars?.({ size: [0.7, 40] });
          return { stroke, fill: stroke, width: 0, points: { show: false }, ...(paths && { paths }) };
        }
        return { stroke, width: main ? 2 : 1.5, points: { show: false }, ...(main ? {} : { dash: [5, 4] }) };
      }),
    ],
  };
}
