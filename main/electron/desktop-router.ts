/** The desktop's own contract implemented: what a person chose for this desktop, and whose window it is. */
import { implement } from '@orpc/server';
import { type DesktopPreferences, type DesktopView, desktopContract } from '../../shared/desktop.ts';

export interface DesktopParts {
  view(): DesktopView;
  /** Applies and keeps a choice. */
  update(change: Partial<DesktopPreferences>): DesktopView;
}

const api = implement(desktopContract);

export function desktopRouter(parts: DesktopParts) {
  return api.router({
    view: api.view.handler(() => parts.view()),
    update: api.update.handler(({ input }) => parts.update(input)),
  });
}

export type DesktopRouter = ReturnType<typeof desktopRouter>;
