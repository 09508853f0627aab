/** `stream` blocks of nginx: each `listen` of a server becomes a proxy. */
import { isHostName, isIpAddress, isNetwork } from '../../../shared/address.ts';
import {
  durationMs,
  ForeignDraft,
  type ForeignProxy,
  type ForeignRead,
  listenAddressOf,
  type Place,
  placeOf,
} from './foreign-file.ts';
import { type Directive, parseNginx } from './nginx-words.ts';

type Upstreams = ReadonlyMap<string, Directive>;

/** Throws Unreadable. */
export function readNginx(text: string): ForeignRead {
  const draft = new ForeignDraft();
  const roots = parseNginx(text);
  const streams = roots.filter(({ name, block }) => name === 'stream' && block);
  for (const other of roots.filter((one) => !streams.includes(one) && !isPart(one))) {
    if (other.block) draft.leaveOut(other.line, `${other.name} { … }`, 'Only stream blocks lead bytes on.');
  }
  // A file that is included within `stream` has none of its own.
  for (const parts of [...streams.map(({ block = [] }) => block), roots.filter(isPart)]) readStream(parts, draft);
  return draft.read;
}

const isPart = ({ name, block }: Directive): boolean =>
  (name === 'server' || name === 'upstream') && block !== undefined;

function readStream(parts: readonly Directive[], draft: ForeignDraft) {
  const upstreams: Upstreams = new Map(
    parts.filter(({ name }) => name === 'upstream').map((one) => [one.words[0] ?? '', one]),
  );
  const shared = parts.filter(({ block }) => !block);
  for (const one of parts.filter(({ name }) => name === 'server')) readServer(one, shared, upstreams, draft);
  for (const one of parts.filter((part) => part.block && !isPart(part))) {
    draft.leaveOut(one.line, `${one.name} { … }`, 'Sluice has nothing like this.');
  }
}

/** What is read of a server besides `listen` and `proxy_pass`. */
interface Said {
  allow: string[];
  isClosed: boolean;
  isOpen: boolean;
  secure: boolean;
  serverName?: string;
  limits: Record<string, number>;
}

function readServer(server: Directive, shared: readonly Directive[], upstreams: Upstreams, draft: ForeignDraft) {
  const { block = [], line } = server;
  const own = new Set(block.map(({ name }) => name));
  const said: Said = { allow: [], isClosed: false, isOpen: false, secure: false, limits: {} };
  for (const one of [...shared.filter(({ name }) => !own.has(name) && inherited.has(name)), ...block])
    readDirective(one, said, draft);
  const pass = block.find(({ name }) => name === 'proxy_pass');
  const listens = block.filter(({ name }) => name === 'listen');
  if (!pass || listens.length === 0) return draft.leaveOut(line, 'server { … }', 'It needs listen and proxy_pass.');
  const target = targetOf(pass, upstreams, draft);
  if (!target) return;
  for (const listen of listens) readListen(listen, target, said, draft);
}

const inherited = new Set(['allow', 'deny', 'proxy_timeout', 'proxy_connect_timeout', 'proxy_ssl']);
const silent = new Set([
  'listen',
  'proxy_pass',
  'proxy_half_close',
  'tcp_nodelay',
  'proxy_ssl_server_name',
  'limit_conn',
]);

function readDirective({ name, words, line, block }: Directive, said: Said, draft: ForeignDraft) {
  const [first = ''] = words;
  const refuse = (reason: string) => draft.leaveOut(line, [name, ...words].join(' '), reason);
  if (block) return refuse('Sluice has nothing like this.');
  if (name === 'limit_conn' && /^\d{1,6}$/.test(words[1] ?? '')) said.limits.maxPipes = Number(words[1]);
  if (silent.has(name)) return;
  switch (name) {
    case 'allow':
    case 'deny':
      return readRule(name, first, said, refuse);
    case 'proxy_timeout':
    case 'proxy_connect_timeout': {
      const ms = durationMs(words.join(' '), 's');
      if (ms === undefined) return refuse('This is no time that Sluice can read.');
      said.limits[name === 'proxy_timeout' ? 'idleTimeoutMs' : 'connectTimeoutMs'] = ms;
      return;
    }
    case 'proxy_ssl':
      said.secure = first === 'on';
      return;
    case 'proxy_ssl_name':
      if (isHostName(first) || isIpAddress(first)) said.serverName = first;
      else refuse('Sluice knows no variables.');
      return;
    case 'proxy_ssl_verify':
      if (first !== 'on') refuse('Sluice always verifies: choose a CA or a fingerprint for its target.');
      return;
    case 'ssl_certificate':
    case 'ssl_certificate_key':
    case 'proxy_ssl_trusted_certificate':
    case 'proxy_ssl_certificate':
    case 'proxy_ssl_certificate_key':
      return refuse('Import this file on the page Certificates, then choose it in the proxy.');
    default:
      return refuse('Sluice has nothing like this.');
  }
}

/** nginx takes the first rule that fits; ours let in who is listed and not blocked. */
function readRule(name: string, who: string, said: Said, refuse: (reason: string) => void) {
  if (said.isClosed || said.isOpen) return refuse('A rule before it decides already.');
  if (who === 'all') {
    if (name === 'deny') said.isClosed = true;
    else said.isOpen = true;
  } else if (!isNetwork(who)) refuse('This is no network.');
  else said.allow.push(name === 'allow' ? who : `!${who}`);
}

function readListen({ words, line }: Directive, target: Place, said: Said, draft: ForeignDraft) {
  const [first = '', ...flags] = words;
  const refuse = (reason: string) => draft.leaveOut(line, `listen ${words.join(' ')}`, reason);
  const place = placeOf(first);
  const address = listenAddressOf(place?.address);
  if (!place || address === undefined) return refuse('Sluice listens on one address and one port.');
  const protocol = flags.includes('udp') ? 'udp' : 'tcp';
  const isSecure = flags.includes('ssl');
  if (isSecure) refuse('It shows the certificate of this gateway until you choose another one.');
  if (said.isClosed && !said.allow.some((rule) => !rule.startsWith('!'))) return refuse('It lets nobody in.');
  // Without "deny all", those who are listed are let in as everybody else is.
  const allow = said.isClosed ? said.allow : said.allow.filter((rule) => rule.startsWith('!'));
  const { idleTimeoutMs, ...limits } = said.limits;
  draft.proxy({
    name: `${protocol} ${place.port}`,
    protocol,
    source: { address, port: place.port, ...(allow.length > 0 && { allow }), ...(isSecure && { secure: true }) },
    target: { ...target, ...(protocol === 'tcp' && tlsOf(said)) },
    limits: limitsFor(protocol, idleTimeoutMs, limits),
  } satisfies ForeignProxy);
}

const tlsOf = ({ secure, serverName }: Said) => (secure ? { secure, ...(serverName && { serverName }) } : {});

function limitsFor(protocol: 'tcp' | 'udp', idle: number | undefined, limits: Record<string, number>) {
  if (protocol === 'tcp') return { ...limits, ...(idle !== undefined && { idleTimeoutMs: idle }) };
  const { connectTimeoutMs: _none, ...rest } = limits;
  return { ...rest, ...(idle !== undefined && { udpIdleTimeoutMs: idle }) };
}

function targetOf({ words, line }: Directive, upstreams: Upstreams, draft: ForeignDraft): Place | undefined {
  const [first = ''] = words;
  const upstream = upstreams.get(first);
  const servers = upstream?.block?.filter(({ name }) => name === 'server') ?? [];
  for (const other of servers.slice(1)) {
    draft.leaveOut(
      other.line,
      `server ${other.words.join(' ')}`,
      'A proxy of Sluice has one target; the first one is taken.',
    );
  }
  const text = upstream ? (servers[0]?.words[0] ?? '') : first;
  const place = placeOf(text);
  if (place?.address && (isHostName(place.address) || isIpAddress(place.address))) {
    return { address: place.address, port: place.port };
  }
  draft.leaveOut(line, `proxy_pass ${first}`, 'Sluice needs a host name or an address, and a port.');
  return undefined;
}
