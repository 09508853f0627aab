/** Which calls go into the audit log: all that change something, and those that give out what is not for everybody. */

/** They read, but payload, ways into devices or the log itself leave the gateway. */
const alsoAudited = new Set(['captures.export', 'devices.services', 'audit.export']);
/** They carry a body, but change nothing. */
const harmless = new Set(['proxies.test', 'proxies.testLive']);

export function isAudited(procedure: string, method: string | undefined): boolean {
  return alsoAudited.has(procedure) || (method !== undefined && method !== 'GET' && !harmless.has(procedure));
}
