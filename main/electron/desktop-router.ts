/** The desktop's own contract implemented: what a person chose for this desktop, and whose window it is. */
import { implement } from '@orpc/server';
import { type DesktopPreferences, type DesktopView, desktopContract } from '../../shared/desktop.ts';
import { toFault } from '../api/fault.ts';
import type { Logger } from '../engine/port-server.ts';

export interface DesktopParts {
  view(): DesktopView;
  /** Applies and keeps a choice. Throws CONFIG_NOT_SAVED. */
  update(change: Partial<DesktopPreferences>): DesktopView;
}

export function desktopRouter(parts: DesktopParts, log: Logger) {
  const api = implement(desktopContract).use(async ({ path, next }) => {
    try {
      return await next();
    } catch (thrown) {
      throw toFault(thrown, { procedure: `desktop.${path.join('.')}`, hasBodyPart: false, log });
    }
  });
  return api.router({
    view: api.view.handler(() => parts.view()),
    update: api.update.handler(({ input }) => parts.update(input)),
  });
}

export type DesktopRouter = ReturnType<typeof desktopRouter>;
