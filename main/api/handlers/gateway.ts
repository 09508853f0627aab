/** Handlers of `gateway`: status, live events, notices. */
import type { ApiParts, Implementer } from '../router.ts';
import { allViews } from '../views.ts';

export function gatewayHandlers({ gateway: os }: Implementer, { engine, profiles, settings, events, info }: ApiParts) {
  return {
    status: os.status.handler(() => info.status(engine, allViews(profiles, engine), settings.get().stopped)),
    events: os.events.handler(({ signal }) => events.subscribe(signal)),
    dismissNotices: os.dismissNotices.handler(() => {
      const dismissed = info.notices.length;
      info.notices = [];
      events.changed('notices');
      return { dismissed };
    }),
  };
}
