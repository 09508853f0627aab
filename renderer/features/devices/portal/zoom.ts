/** The size that the page of each portal is shown in; kept in this browser. */
import { z } from 'zod';
import { stored } from '../../../components/stored.ts';

const sizes = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200] as const;

/** Percent, by the ID of the proxy. */
export const zoomChoices = stored('sluice.portal-zoom', z.record(z.string(), z.number().min(50).max(200)), {});

/** The next larger (1) or smaller (-1) size; undefined where there is none. */
export function nextSize(percent: number, way: 1 | -1): number | undefined {
  return way > 0 ? sizes.find((size) => size > percent) : sizes.findLast((size) => size < percent);
}
