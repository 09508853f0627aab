/** The contract implemented: a procedure without a handler does not compile. Hosts expose this router. */
import { api } from './base.ts';
import { sessionHandlers, tokenHandlers, userHandlers } from './handlers/access.ts';
import { auditHandlers } from './handlers/audit.ts';
import { backupHandlers } from './handlers/backups.ts';
import { captureHandlers, recordHandlers, trafficHandlers } from './handlers/captures.ts';

import { certificateHandlers } from './handlers/certificates.ts';
import { agentHandlers, deviceHandlers, hubHandlers } from './handlers/devices.ts';
import { gatewayHandlers, settingsHandlers } from './handlers/gateway.ts';
import { pipeHandlers } from './handlers/pipes.ts';
import { pluginHandlers } from './handlers/plugins.ts';
import { addressHandlers, portHandlers } from './handlers/ports.ts';
import { proxyHandlers } from './handlers/proxies.ts';
import { siteHandlers } from './handlers/site.ts';
import { templateHandlers } from './handlers/templates.ts';

export const router = api.router({
  proxies: proxyHandlers,
  templates: templateHandlers,
  ports: portHandlers,
  addresses: addressHandlers,
  pipes: pipeHandlers,
  traffic: trafficHandlers,
  captures: captureHandlers,
  records: recordHandlers,
  devices: deviceHandlers,
  plugins: pluginHandlers,
  certificates: certificateHandlers,
  hub: hubHandlers,
  agents: agentHandlers,
  audit: auditHandlers,
  settings: settingsHandlers,
  backups: backupHandlers,
  site: siteHandlers,
  gateway: gatewayHandlers,
  session: sessionHandlers,
  users: userHandlers,
  tokens: tokenHandlers,
});
