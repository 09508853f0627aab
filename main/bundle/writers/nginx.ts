/** Plain proxies as a `stream` block of nginx, TCP and UDP. Relative files are looked for beside nginx.conf. */
import { clientRules, hostAndPort, isIpAddress } from '../../../shared/address.ts';
import { GATEWAY_CERTIFICATE } from '../../../shared/certificate.ts';
import { type ProxyProfile, type Transport, transportsOf } from '../../../shared/proxy.ts';
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

/** Where systems keep what they trust; this is Debian's, and nginx has no word for it. */
const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt';

const head = `# Made by Sluice. Put it into nginx.conf, which needs the stream module; files that are named are looked for beside that.
stream {
  tcp_nodelay on;
  limit_conn_zone $server_addr:$server_port zone=sluice:1m;
`;

export function writeNginx(profiles: readonly ProxyProfile[], places: PluginPlaces): WrittenConfig {
  const notes: string[] = [];
  let count = 0;
  const servers = profiles.map((profile) => {
    const plain = plainOf(profile, places);
    if (typeof plain === 'string') {
      notes.push(`${profile.name}: left out, because ${plain}.`);
      return `  ${comment(`${profile.proxy}: left out, because ${plain}.`)}\n`;
    }
    count += 1;
    if (!isIpAddress(plain.target.address)) {
      notes.push(`${profile.name}: nginx looks for ${plain.target.address} once, when it starts.`);
    }
    return transportsOf(profile.config.protocol)
      .map((transport) => serverOf(plain, transport, notes))
      .join('\n');
  });
  return { content: `${[head, ...servers].join('\n')}}\n`, count, notes };
}

function serverOf({ profile, port, target }: PlainProxy, transport: Transport, notes: string[]): string {
  const { name, config } = profile;
  const { source, limits } = config;
  const { permitted, blocked } = clientRules(source.allow);
  const isTcp = transport === 'tcp';
  const idle = isTcp ? limits.idleTimeoutMs : limits.udpIdleTimeoutMs;
  const lines = [
    `listen ${hostAndPort(source.address, port)}${isTcp ? '' : ' udp'}${isTcp && source.secure ? ' ssl' : ''};`,
    `proxy_pass ${hostAndPort(target.address, target.port)};`,
    ...(isTcp ? ['proxy_half_close on;'] : []),
    ...(limits.maxPipes > 0 ? [`limit_conn sluice ${limits.maxPipes};`] : []),
    ...blocked.map((network) => `deny ${network};`),
    ...permitted.map((network) => `allow ${network};`),
    ...(permitted.length > 0 ? ['deny all;'] : []),
    ...(idle ? [`proxy_timeout ${idle}ms;`] : []),
    ...(isTcp && limits.connectTimeoutMs ? [`proxy_connect_timeout ${limits.connectTimeoutMs}ms;`] : []),
    ...(isTcp ? [...sourceTls(profile, notes), ...targetTls(profile, target.address, notes)] : []),
  ];
  return [`  ${comment(name)}`, '  server {', ...lines.map((line) => `    ${line}`), '  }', ''].join('\n');
}

function sourceTls({ name, config: { source } }: ProxyProfile, notes: string[]): string[] {
  if (!source.secure) return [];
  const { certificate = GATEWAY_CERTIFICATE, clientCa } = source;
  notes.push(withKey(certificate, name));
  const own = [`ssl_certificate ${fileOf(certificate)};`, `ssl_certificate_key ${fileOf(certificate)};`];
  if (!clientCa) return own;
  notes.push(withoutKey(clientCa, name));
  return [...own, `ssl_client_certificate ${fileOf(clientCa)};`, 'ssl_verify_client on;'];
}

function targetTls({ name, config: { target } }: ProxyProfile, address: string, notes: string[]): string[] {
  if (!target.secure) return [];
  const verify = parseVerify(target.verify);
  if (verify.kind === 'ca') notes.push(withoutKey(verify.certificate, name));
  if (target.certificate) notes.push(withKey(target.certificate, name));
  const host = target.serverName ?? (target.type === 'plugin' ? 'localhost' : address);
  return [
    'proxy_ssl on;',
    'proxy_ssl_verify on;',
    `proxy_ssl_trusted_certificate ${verify.kind === 'ca' ? fileOf(verify.certificate) : SYSTEM_ROOTS};`,
    `proxy_ssl_name ${host};`,
    ...(isIpAddress(host) ? [] : ['proxy_ssl_server_name on;']),
    ...(target.certificate
      ? [
          `proxy_ssl_certificate ${fileOf(target.certificate)};`,
          `proxy_ssl_certificate_key ${fileOf(target.certificate)};`,
        ]
      : []),
    ...(target.oldTls ? ['proxy_ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;'] : []),
  ];
}
