/** Scrolling through any number of rows: every row can be reached, both ends exactly, and small movements are exact. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Extent,
  nativeHeight,
  nativeOf,
  positionOf,
  positionToSee,
  type Scrolled,
  scrolledTo,
} from '../../../renderer/table/scroll.ts';

const extents: fc.Arbitrary<Extent> = fc.record({
  rows: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 20_000_000 })),
  rowHeight: fc.constantFrom(36, 56),
  viewport: fc.integer({ min: 100, max: 3000 }),
});
const end = ({ rows, rowHeight, viewport }: Extent) => Math.max(0, rows * rowHeight - viewport);
const nativeEnd = (extent: Extent) => Math.max(0, nativeHeight(extent) - extent.viewport);
const place = fc.double({ min: 0, max: 1, noNaN: true });

test('no element is higher than browsers can lay out', () => {
  fc.assert(
    fc.property(extents, (extent) => {
      expect(nativeHeight(extent)).toBeLessThanOrEqual(8_000_000);
    }),
  );
});

test('the scroll bar reaches both ends, and goes down as it goes down', () => {
  fc.assert(
    fc.property(extents, place, place, (extent, a, b) => {
      const [low, high] = [a, b].sort((x, y) => x - y).map((share) => Math.round(share * nativeEnd(extent)));
      expect(positionOf(low!, extent)).toBeLessThanOrEqual(positionOf(high!, extent));
      expect(positionOf(0, extent)).toBe(0);
      expect(positionOf(nativeEnd(extent), extent)).toBe(end(extent));
    }),
  );
});

test('every place of the rows has one of the scroll bar that leads back to about it', () => {
  fc.assert(
    fc.property(extents, place, (extent, share) => {
      const position = Math.round(share * end(extent));
      const ratio = Math.max(1, end(extent) / Math.max(1, nativeEnd(extent) - 2_000_000));
      expect(Math.abs(positionOf(nativeOf(position, extent), extent) - position)).toBeLessThanOrEqual(ratio);
    }),
  );
});

test('small movements go pixel by pixel, wherever one is', () => {
  fc.assert(
    fc.property(extents, place, fc.integer({ min: -120, max: 120 }), (extent, share, moved) => {
      const position = Math.round(share * end(extent));
      const before: Scrolled = { native: nativeOf(position, extent), position };
      const native = before.native + moved;
      fc.pre(native > 0 && native < nativeEnd(extent) && position + moved >= 0 && position + moved <= end(extent));
      expect(scrolledTo(native, before, extent)).toEqual({ native, position: position + moved });
    }),
  );
});

test('a row that has to be seen is, with the least movement', () => {
  fc.assert(
    fc.property(extents, place, place, (extent, a, b) => {
      fc.pre(extent.rows > 0);
      const row = Math.min(extent.rows - 1, Math.floor(a * extent.rows));
      const before = Math.round(b * end(extent));
      const position = positionToSee(row, before, extent);
      const top = row * extent.rowHeight;
      expect(top).toBeGreaterThanOrEqual(position);
      expect(top + extent.rowHeight).toBeLessThanOrEqual(position + extent.viewport);
      const wasSeen = top >= before && top + extent.rowHeight <= before + extent.viewport;
      if (wasSeen) expect(position).toBe(before);
    }),
  );
});
