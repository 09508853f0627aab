/** Which calls go into the audit log: all that change something, and those that give out what is not for everybody. */

/** They read, but payload, ways into devices or the log itself leave the gateway. */
const alsoAudited = new Set(['captures.export', 'devices.services', 'audit.export']);
/** They change nothing, or are told by what comes of them. */
const harmless = new Set(['proxies.test', 'proxies.testLive', 'session.touch', 'session.lock', 'session.unlock']);

export function isAudited(procedure: string, method: string | undefined): boolean {
  return alsoAudited.has(procedure) || (method !== undefined && method !== 'GET' && !harmless.has(procedure));
}
