import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placeLabels } from '../../src/measure/report/labels.js';

describe('labels', () => {
  it('stand to the right of their point where nothing is in the way', () => {
    const [offset] = placeLabels([{ x: 100, y: 100, text: '1' }], 900);
    assert.ok(offset !== undefined && offset.dx > 5 && offset.dy === 0);
  });

  it('do not cover each other, nor another point, for a dozen points in a row', () => {
    const points = Array.from({ length: 12 }, (_, i) => ({ x: 100 + 14 * i, y: 100, text: String(i + 1) }));
    const boxes = placeLabels(points, 900).map(({ dx, dy }, i) => {
      const { x = 0, y = 0, text = '' } = points[i] ?? {};
      const half = text.length * 3.75;
      return { left: x + dx - half, right: x + dx + half, top: y + dy - 6.5, bottom: y + dy + 6.5 };
    });
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top, `${i}`);
      }
      for (const { x, y } of points) {
        assert.ok(x <= a.left || x >= a.right || y <= a.top || y >= a.bottom, `${i}`);
      }
    }
  });

  it('stay within the picture, over another if need be', () => {
    const text = 'a label of some length';
    const half = (text.length * 7.5) / 2;
    const points = [20, 450, 890].flatMap(x => [90, 95, 100].map(y => ({ x, y, text })));
    placeLabels(points, 900).forEach(({ dx }, i) => {
      const x = (points[i]?.x ?? 0) + dx;
      assert.ok(x - half >= 0 && x + half <= 900, `${i}: ${x}`);
    });
  });
});
