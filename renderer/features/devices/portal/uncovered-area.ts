/** Where an element lies on the page while nothing lies over it: menus, dialogs and the search do. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import type { ViewArea } from '../../../../shared/desktop.ts';

/** Null while it has no room, or something lies over it: a native view would cover that. */
export function useUncoveredArea(place: RefObject<HTMLElement | null>): ViewArea | null {
  const [area, setArea] = useState<ViewArea | null>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const look = () => {
      const now = areaOf(element);
      setArea((before) => (isSame(before, now) ? before : now));
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    sizes.observe(document.documentElement);
    // What lies above everything is a child of the body of its own.
    const covers = new MutationObserver(look);
    covers.observe(document.body, { childList: true });
    look();
    return () => {
      sizes.disconnect();
      covers.disconnect();
    };
  }, [place]);
  return area;
}

function areaOf(element: HTMLElement): ViewArea | null {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const area = { x: Math.max(0, Math.round(left)), y: Math.max(0, Math.round(top)) };
  const size = { width: Math.round(right) - area.x, height: Math.round(bottom) - area.y };
  const covers = [...document.body.children].filter((child) => !child.contains(element));
  const isCovered = covers.some((child) => {
    const its = child.getBoundingClientRect();
    return (
      its.width > 1 && its.height > 1 && its.left < right && its.right > left && its.top < bottom && its.bottom > top
    );
  });
  return size.width > 0 && size.height > 0 && !isCovered ? { ...area, ...size } : null;
}

const isSame = (a: ViewArea | null, b: ViewArea | null): boolean =>
  a === b || (a !== null && b !== null && (['x', 'y', 'width', 'height'] as const).every((key) => a[key] === b[key]));
