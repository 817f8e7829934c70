/** The cost of a base-2 test against the size, both on logarithmic scales, as a small SVG that is read in light and in dark. */

export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly digits: number; readonly milliseconds: number }[];
}

const WIDTH = 760;
const HEIGHT = 520;
const LEFT = 86;
const RIGHT = 640;
const TOP = 46;
const BOTTOM = 440;

/** Each with a shape of its own: not everybody sees colours. */
const MARKS: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `<circle cx="${x}" cy="${y}" r="4.5"/>`,
  (x, y) => `<rect x="${round(x - 4)}" y="${round(y - 4)}" width="8" height="8"/>`,
  (x, y) => `<path d="M${x} ${round(y - 5.5)}l5.5 9.5h-11z"/>`,
  (x, y) => `<path d="M${x} ${round(y - 6)}l6 6-6 6-6-6z"/>`,
  (x, y) => `<path d="M${round(x - 5)} ${round(y - 5)}l10 10m0-10l-10 10" stroke-width="2.5" fill="none"/>`,
];

const round = (value: number): number => Math.round(value * 10) / 10;

/** @param curves the first one is drawn heavier */
export function drawChart(curves: readonly Curve[], caption: string): string {
  const all = curves.flatMap(({ points }) => points);
  const [fewest, most] = [Math.min(...all.map((p) => p.digits)), Math.max(...all.map((p) => p.digits))];
  const times = all.map((p) => p.milliseconds);
  const low = 10 ** Math.floor(Math.log10(Math.min(...times)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...times)));
  const x = (digits: number) => round(LEFT + ((RIGHT - LEFT) * Math.log(digits / fewest)) / Math.log(most / fewest));
  const y = (ms: number) => round(BOTTOM - ((BOTTOM - TOP) * Math.log(ms / low)) / Math.log(high / low));
  const ticks = [...new Set(all.map((p) => p.digits))].sort((a, b) => a - b);
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, k) => low * 10 ** k);
  const lines = [
    ...decades.map((ms) => `<path d="M${LEFT} ${y(ms)}H${RIGHT}"/>`),
    ...ticks.map((digits) => `<path d="M${x(digits)} ${TOP}V${BOTTOM}"/>`),
  ];
  const labels = [
    ...decades.map((ms) => `<text x="${LEFT - 10}" y="${round(y(ms) + 5)}" text-anchor="end">${duration(ms)}</text>`),
    ...ticks.map(
      (digits) =>
        `<text x="${x(digits)}" y="${BOTTOM + 22}" text-anchor="middle">${digits.toLocaleString('en')}</text>`,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="14" role="img" aria-labelledby="title">
  <title id="title">CPU time of a base-2 test against the number of digits, on logarithmic scales: ${curves.map(({ name }) => name).join(', ')}</title>
  <style>
    svg { background: #fff; color: #1c2330 }
    text { fill: currentColor }
    .grid { stroke: currentColor; stroke-opacity: .16 }
    .a { stroke: #0a6b3d; fill: #0a6b3d } .b { stroke: #a4362c; fill: #a4362c } .c { stroke: #6a3fa0; fill: #6a3fa0 }
    .d { stroke: #9a5b00; fill: #9a5b00 } .e { stroke: #1f5fa8; fill: #1f5fa8 }
    text.a, text.b, text.c, text.d, text.e { stroke: none }
    @media (prefers-color-scheme: dark) {
      svg { background: #10161f; color: #e3e8f0 }
      .a { stroke: #58d68d; fill: #58d68d } .b { stroke: #ff8a7a; fill: #ff8a7a } .c { stroke: #c0a0ff; fill: #c0a0ff }
      .d { stroke: #f0b455; fill: #f0b455 } .e { stroke: #7db8ff; fill: #7db8ff }
    }
  </style>
  <text x="${LEFT}" y="26" font-weight="600">CPU time of one base-2 test</text>
  <g class="grid">
    ${lines.join('\n    ')}
  </g>
  ${labels.join('\n  ')}
  <text x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 44}" text-anchor="middle">digits</text>
  ${curves.map((curve, k) => drawCurve(curve, k, x, y)).join('\n  ')}
  ${names(curves, x, y).join('\n  ')}
  <text x="${LEFT}" y="${HEIGHT - 8}" font-size="11" fill-opacity=".75">${caption}</text>
</svg>
`;
}

function drawCurve({ points }: Curve, k: number, x: (digits: number) => number, y: (ms: number) => number): string {
  const path = points.map((p, place) => `${place === 0 ? 'M' : 'L'}${x(p.digits)} ${y(p.milliseconds)}`).join('');
  const mark = MARKS[k % MARKS.length] as (typeof MARKS)[number];
  const marks = points.map((p) => mark(x(p.digits), y(p.milliseconds))).join('');
  return `<g class="${'abcde'[k % 5]}"><path d="${path}" fill="none" stroke-width="${k === 0 ? 3 : 1.8}"/>${marks}</g>`;
}

/** Beside the last point of each, moved apart where they would cover each other. */
function names(curves: readonly Curve[], x: (digits: number) => number, y: (ms: number) => number): string[] {
  const places = curves
    .flatMap(({ name, points }, k) => {
      const last = points.at(-1);
      return last === undefined ? [] : [{ name, k, beside: x(last.digits) + 14, at: y(last.milliseconds) + 5 }];
    })
    .sort((a, b) => a.at - b.at);
  for (let k = 1; k < places.length; k++) {
    const [above, own] = [places[k - 1], places[k]] as [(typeof places)[number], (typeof places)[number]];
    if (own.beside === above.beside) own.at = Math.max(own.at, above.at + 17);
  }
  return places.map(
    ({ name, k, beside, at }) => `<text class="${'abcde'[k % 5]}" x="${beside}" y="${round(at)}">${name}</text>`,
  );
}

function duration(milliseconds: number): string {
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${milliseconds} ms`;
  return milliseconds < 60_000 ? `${milliseconds / 1000} s` : `${(milliseconds / 1000).toLocaleString('en')} s`;
}
