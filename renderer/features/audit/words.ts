/** What happened, in words. Pure. */
import type { AuditEntry } from '../../../shared/audit.ts';

/** What an entry is about, by the first part of its name, as the filter lists it. */
export const kinds: Readonly<Record<string, string>> = {
  proxies: 'Proxies',
  lease: 'Ends of leases',
  templates: 'Templates',
  pipes: 'Connections',
  captures: 'Captures',
  records: 'Kept conversations',
  devices: 'Devices',
  plugins: 'Plugins',
  certificates: 'Certificates',
  settings: 'Settings',
  session: 'Sessions',
  users: 'Users',
  tokens: 'Tokens',
  site: 'Site bundles',
  backups: 'Backups',
  audit: 'This log',
  gateway: 'Start and stop',
  log: 'Gaps in this log',
};

const things: Readonly<Record<string, string>> = {
  proxies: 'Proxy',
  templates: 'Template',
  devices: 'Device',
  plugins: 'Plugin',
  certificates: 'Certificate',
  users: 'User',
  tokens: 'Token',
};
const acts: Readonly<Record<string, string>> = {
  create: 'added',
  update: 'changed',
  remove: 'removed',
  start: 'started',
  stop: 'stopped',
};

const wholes: Readonly<Record<string, string>> = {
  'proxies.switch': 'Proxy switched',
  'proxies.retry': 'Port tried again',
  'proxies.connect': 'Test connection made',
  'proxies.openFor': 'Proxy opened for a time',
  'proxies.endLease': 'Lease ended',
  'proxies.keepOpen': 'Proxy kept open',
  'lease.ended': 'Lease came to its end',
  'pipes.kill': 'Connection ended',
  'captures.armPipe': 'Capture of a connection armed',
  'captures.armProxy': 'Capture of a proxy armed',
  'captures.stopPipe': 'Capture of a connection stopped',
  'captures.stopProxy': 'Capture of a proxy stopped',
  'captures.remove': 'Capture thrown away',
  'captures.export': 'Payload exported',
  'captures.replay': 'Conversation sent again',
  'records.keep': 'Conversation kept',
  'records.remove': 'Kept conversation removed',
  'devices.services': 'Portals opened',
  'certificates.issue': 'Certificate issued',
  'certificates.import': 'Certificate imported',
  'certificates.request': 'Certificate requested',
  'certificates.sign': 'Signed certificate taken in',
  'certificates.renew': 'Certificate renewed',
  'certificates.exportKey': 'Private key exported',
  'settings.update': 'Settings changed',
  'settings.stopAll': 'All proxies stopped or started',
  'gateway.started': 'Gateway started',
  'gateway.stopped': 'Gateway stopped',
  'gateway.changed': 'Configuration changed by the gateway',
  'gateway.dismissNotices': 'Notices put away',
  'users.changePassword': 'Own password changed',
  'users.putOff': 'Administrator password put off',
  'users.settings': 'Locking changed',
  'tokens.revoke': 'Token revoked',
  'tokens.renewControl': 'Control token renewed',
  'session.unlocked': 'Unlocked',
  'session.locked': 'Locked',
  'session.failed': 'Wrong password',
  'session.delayed': 'Password not tried, too many wrong ones',
  'backups.restore': 'Backup put back',
  'site.export': 'Site bundle exported',
  'site.import': 'Site bundle compared or applied',
  'site.undo': 'Import undone',
  'site.trust': 'Site trusted',
  'site.distrust': 'Site no longer trusted',
  'audit.export': 'This log exported',
};

/** `proxies.create` → `Proxy added`; names that are not known stay as they are. */
export function whatText(what: string): string {
  const [group = '', act = ''] = what.split('.');
  const thing = things[group];
  const done = acts[act];
  return wholes[what] ?? (thing && done ? `${thing} ${done}` : what);
}

/** What became of it: `done`, or why not. */
export const isDone = ({ outcome }: Pick<AuditEntry, 'outcome'>): boolean => outcome === 'done';
