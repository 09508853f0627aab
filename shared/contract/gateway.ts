/** The gateway itself: settings, state, events. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { finding } from '../finding.ts';
import { settingsChange, settingsView } from '../settings.ts';
import { gatewayEvent, gatewayStatus } from '../status.ts';
import { canFail, forRole } from './procedure.ts';

export const settings = {
  get: forRole('viewer')
    .route({ method: 'GET', path: '/v1/settings', summary: 'Read the settings', tags: ['Gateway'] })
    .output(settingsView),
  update: forRole('administrator')
    .route({ method: 'PUT', path: '/v1/settings', summary: 'Change settings', tags: ['Gateway'] })
    .errors(canFail('CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(settingsChange)
    .output(settingsView),
  /** Apart from the other settings: whoever operates a gateway may do this. */
  stopAll: forRole('technician')
    .route({
      method: 'PUT',
      path: '/v1/settings/stopped',
      summary: 'Stop all proxies, or start them',
      tags: ['Gateway'],
    })
    .errors(canFail('CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(z.strictObject({ stopped: z.boolean() }))
    .output(settingsView),
};

export const gateway = {
  status: forRole('viewer')
    .route({ method: 'GET', path: '/v1/status', summary: 'Read the state of the gateway', tags: ['Gateway'] })
    .output(gatewayStatus),
  events: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/events',
      summary: 'Follow states and traffic as they change',
      tags: ['Gateway'],
    })
    .output(eventIterator(gatewayEvent)),
  // Findings name paths and programs of this PC, which a viewer need not know.
  examine: forRole('technician')
    .route({
      method: 'GET',
      path: '/v1/doctor',
      summary: 'Look at everything that can keep Sluice from working',
      tags: ['Gateway'],
    })
    .output(z.array(finding)),
  dismissNotices: forRole('technician')
    .route({ method: 'DELETE', path: '/v1/notices', summary: 'Put the notices away', tags: ['Gateway'] })
    .output(z.object({ dismissed: z.number() })),
};
