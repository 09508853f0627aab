/** What the area of a portal shows, by the state of its proxy. Pure. */
import type { ProxyView } from '../../../../shared/status.ts';

/**
 * `page`: what the portal serves, or nothing yet. `stale`: the page of before, since its device went away. `troubled`:
 * the page of before, whose target fails now. The others stand in place of a page.
 */
export type PortalFace = 'page' | 'stale' | 'troubled' | 'closed' | 'away' | 'broken';

/** A page is told of a fault a little after the gateway knows it. */
const SAME_MOMENT_MS = 2000;

/**
 * @param openedAt  when the page was last asked for
 * @param loadedAt  when it, or what came instead, was there
 */
export function portalFace(
  { status }: Pick<ProxyView, 'status'>,
  { openedAt, loadedAt }: { readonly openedAt: number | undefined; readonly loadedAt: number | undefined },
): PortalFace {
  const isShown = loadedAt !== undefined;
  switch (status.state) {
    case 'disabled':
      return 'closed';
    case 'waiting':
      return isShown ? 'stale' : 'away';
    case 'fault':
    case 'retrying':
      return 'broken';
    case 'degraded': {
      // A fault of before says nothing of the page that has just been asked for.
      const failedAt = status.error?.at ?? 0;
      if (openedAt === undefined || failedAt < openedAt) return 'page';
      return isShown && loadedAt >= openedAt && failedAt > loadedAt + SAME_MOMENT_MS ? 'troubled' : 'broken';
    }
    case 'starting':
    case 'listening':
      return 'page';
  }
}
