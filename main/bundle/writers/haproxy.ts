/** Plain TCP proxies as a configuration of HAProxy. Relative files are looked for beside it. */
import { clientRules, hostAndPort, isIpAddress } from '../../../shared/address.ts';
import { GATEWAY_CERTIFICATE } from '../../../shared/certificate.ts';
import type { ProxyProfile } from '../../../shared/proxy.ts';
import { parseVerify } from '../../../shared/tls.ts';
import {
  comment,
  fileOf,
  type PlainProxy,
  type PluginPlaces,
  plainOf,
  type WrittenConfig,
  withKey,
  withoutKey,
} from './plain-proxies.ts';

const head = `# Made by Sluice. Plain TCP proxies; files that are named are looked for beside this one.
global
  default-path config
  ssl-default-bind-options ssl-min-ver TLSv1.2
  ssl-default-server-options ssl-min-ver TLSv1.2

defaults
  mode tcp
  timeout connect 10s
  timeout client 1h
  timeout server 1h
`;

export function writeHaproxy(profiles: readonly ProxyProfile[], places: PluginPlaces): WrittenConfig {
  const notes: string[] = [];
  let count = 0;
  const sections = profiles.map((profile) => {
    const plain = profile.config.protocol === 'udp' ? 'HAProxy carries no UDP' : plainOf(profile, places);
    if (typeof plain === 'string') {
      notes.push(`${profile.name}: left out, because ${plain}.`);
      return `${comment(`${profile.proxy}: left out, because ${plain}.`)}\n`;
    }
    count += 1;
    return sectionOf(plain, notes);
  });
  return { content: [head, ...sections].join('\n'), count, notes };
}

function sectionOf({ profile, port, target }: PlainProxy, notes: string[]): string {
  const { proxy, name, config } = profile;
  const { source, limits } = config;
  if (config.protocol === 'tcp+udp') notes.push(`${name}: only its TCP half is here; HAProxy carries no UDP.`);
  const { permitted, blocked } = clientRules(source.allow);
  const lines = [
    `bind ${hostAndPort(source.address, port)}${bindTls(profile, notes)}`,
    ...(limits.maxPipes > 0 ? [`maxconn ${limits.maxPipes}`] : []),
    ...(blocked.length > 0 ? [`tcp-request connection reject if { src ${blocked.join(' ')} }`] : []),
    ...(permitted.length > 0 ? [`tcp-request connection reject unless { src ${permitted.join(' ')} }`] : []),
    ...(limits.connectTimeoutMs ? [`timeout connect ${limits.connectTimeoutMs}ms`] : []),
    ...(limits.idleTimeoutMs
      ? [`timeout client ${limits.idleTimeoutMs}ms`, `timeout server ${limits.idleTimeoutMs}ms`]
      : []),
    ...(limits.halfClosedTimeoutMs
      ? [`timeout client-fin ${limits.halfClosedTimeoutMs}ms`, `timeout server-fin ${limits.halfClosedTimeoutMs}ms`]
      : []),
    `server target ${hostAndPort(target.address, target.port)}${resolved(target.address)}${serverTls(profile, target.address, notes)}`,
  ];
  return [comment(name), `listen ${proxy}`, ...lines.map((line) => `  ${line}`), ''].join('\n');
}

/** A name that cannot be resolved must not keep it from starting. */
const resolved = (address: string): string => (isIpAddress(address) ? '' : ' init-addr last,libc,none');

function bindTls({ name, config: { source } }: ProxyProfile, notes: string[]): string {
  if (!source.secure) return '';
  const { certificate = GATEWAY_CERTIFICATE, clientCa } = source;
  notes.push(withKey(certificate, name));
  if (!clientCa) return ` ssl crt ${fileOf(certificate)}`;
  notes.push(withoutKey(clientCa, name));
  return ` ssl crt ${fileOf(certificate)} ca-file ${fileOf(clientCa)} verify required`;
}

function serverTls({ name, config: { target } }: ProxyProfile, address: string, notes: string[]): string {
  if (!target.secure) return '';
  const verify = parseVerify(target.verify);
  if (verify.kind === 'ca') notes.push(withoutKey(verify.certificate, name));
  if (target.certificate) notes.push(withKey(target.certificate, name));
  const host = target.serverName ?? (target.type === 'plugin' ? 'localhost' : address);
  return [
    ` ssl verify required ca-file ${verify.kind === 'ca' ? fileOf(verify.certificate) : '@system-ca'}`,
    ` verifyhost ${host}`,
    isIpAddress(host) ? '' : ` sni str(${host})`,
    target.certificate ? ` crt ${fileOf(target.certificate)}` : '',
    target.oldTls ? ' ssl-min-ver TLSv1.0' : '',
  ].join('');
}
