/**
 * Scrolling through more rows than a browser can lay out: an element can be some ten million pixels high, a million rows
 * are more. The scrolled element is cut to a height that works in every browser. Near both ends one of its pixels is one
 * pixel of the rows; between them one stands for several, so that the scroll bar reaches every row. Small movements (wheel,
 * keys, a finger) always go pixel by pixel; only a jump of the scroll bar uses the map.
 */

/** Pixels of the scrolled element; whole numbers up to here are exact in the single precision of transforms. */
const HIGHEST = 6_000_000;
/** Pixels at each end in which one is one. */
const EXACT = 1_000_000;
/** A movement of so many viewports is a jump. */
const JUMP = 3;

export interface Extent {
  readonly rows: number;
  /** Pixels. */
  readonly rowHeight: number;
  readonly viewport: number;
}

/** Where the element is scrolled to, and the pixel of the rows that is at its top. */
export interface Scrolled {
  readonly native: number;
  readonly position: number;
}

export function nativeHeight({ rows, rowHeight }: Extent): number {
  return Math.min(rows * rowHeight, HIGHEST);
}

function ends(extent: Extent): { readonly native: number; readonly position: number } {
  return {
    native: Math.max(0, nativeHeight(extent) - extent.viewport),
    position: Math.max(0, extent.rows * extent.rowHeight - extent.viewport),
  };
}

export function positionOf(native: number, extent: Extent): number {
  const end = ends(extent);
  const inside = Math.min(Math.max(0, native), end.native);
  if (end.position === end.native || inside <= EXACT) return inside;
  const fromEnd = end.native - inside;
  if (fromEnd <= EXACT) return end.position - fromEnd;
  const share = (inside - EXACT) / (end.native - 2 * EXACT);
  return Math.round(EXACT + share * (end.position - 2 * EXACT));
}

export function nativeOf(position: number, extent: Extent): number {
  const end = ends(extent);
  const inside = Math.min(Math.max(0, position), end.position);
  if (end.position === end.native || inside <= EXACT) return inside;
  const fromEnd = end.position - inside;
  if (fromEnd <= EXACT) return end.native - fromEnd;
  const share = (inside - EXACT) / (end.position - 2 * EXACT);
  return Math.round(EXACT + share * (end.native - 2 * EXACT));
}

/** After the element was scrolled, by whatever. */
export function scrolledTo(native: number, before: Scrolled, extent: Extent): Scrolled {
  const moved = native - before.native;
  const end = ends(extent);
  const jumped = Math.abs(moved) > JUMP * extent.viewport || native <= 0 || native >= end.native;
  const position = jumped ? positionOf(native, extent) : Math.min(Math.max(0, before.position + moved), end.position);
  return { native, position };
}

/** Where a row has to be scrolled to so that all of it is seen; as it is if that is so. */
export function positionToSee(row: number, position: number, extent: Extent): number {
  const top = row * extent.rowHeight;
  if (top < position) return top;
  return Math.max(position, top + extent.rowHeight - extent.viewport);
}
