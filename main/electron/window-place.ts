/** Where the window was, and where it can be: screens come and go between two starts. Pure. */
import { z } from 'zod';

/** In device-independent pixels; of a maximised window, the place that it goes back to. */
export const windowPlace = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  isMaximized: z.boolean(),
});
export type WindowPlace = z.infer<typeof windowPlace>;

export type WorkArea = Pick<WindowPlace, 'x' | 'y' | 'width' | 'height'>;

/**
 * Moves a place whole into the screen that shows most of it, else into the first.
 * @param workAreas  the screens without their panels, the main one first
 */
export function placeOnScreen(place: WindowPlace, workAreas: readonly WorkArea[]): WindowPlace {
  const area = workAreas.toSorted((one, other) => shared(place, other) - shared(place, one))[0];
  if (!area) return place;
  const width = Math.min(place.width, area.width);
  const height = Math.min(place.height, area.height);
  return {
    ...place,
    x: within(place.x, area.x, area.x + area.width - width),
    y: within(place.y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

function shared(a: WorkArea, b: WorkArea): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(width, 0) * Math.max(height, 0);
}
