/** The desktop's own contract implemented: what a person chose for this desktop, and whose window it is. */
import { implement } from '@orpc/server';
import { type DesktopPreferences, type DesktopView, desktopContract } from '../../shared/desktop.ts';
import { toFault } from '../api/fault.ts';
import type { Logger } from '../engine/port-server.ts';
import type { GatewayClient } from './gateway-access.ts';
import type { PortalDesk } from './portals/portal-desk.ts';

export interface DesktopParts {
  view(): DesktopView;
  /** Applies and keeps a choice. Throws CONFIG_NOT_SAVED. */
  update(change: Partial<DesktopPreferences>): DesktopView;
  readonly portals: Pick<PortalDesk, 'show' | 'place' | 'act' | 'logIn' | 'openWindow'>;
}

/** @param client  the gateway, with the rights of the page that asks */
export function desktopRouter(parts: DesktopParts, client: GatewayClient, log: Logger) {
  const { portals } = parts;
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
    portals: {
      show: api.portals.show.handler(({ input, signal }) => portals.show(client, input.proxy, signal)),
      place: api.portals.place.handler(({ input }) => portals.place(input)),
      act: api.portals.act.handler(({ input }) => portals.act(input.action)),
      logIn: api.portals.logIn.handler(({ input }) => portals.logIn(input)),
      openWindow: api.portals.openWindow.handler(({ input }) => portals.openWindow(client, input.proxy)),
    },
  });
}

export type DesktopRouter = ReturnType<typeof desktopRouter>;
