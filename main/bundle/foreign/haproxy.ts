/** TCP frontends of HAProxy: each `bind` of a `listen` or `frontend` section becomes a proxy. */
import { isHostName, isIpAddress, isNetwork } from '../../../shared/address.ts';
import { durationMs, ForeignDraft, type ForeignRead, listenAddressOf, placeOf } from './foreign-file.ts';

interface Line {
  readonly words: readonly string[];
  readonly line: number;
}

interface Section {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly lines: Line[];
  /** Of the `defaults` before it. */
  readonly defaults: readonly Line[];
}

const kinds = new Set(['global', 'defaults', 'frontend', 'backend', 'listen']);
const others = new Set([
  'userlist',
  'peers',
  'resolvers',
  'mailers',
  'cache',
  'program',
  'ring',
  'http-errors',
  'log-forward',
]);
const MOST_LINES = 50_000;

export function readHaproxy(text: string): ForeignRead {
  const draft = new ForeignDraft();
  const sections = sectionsOf(text, draft);
  const backends = new Map(sections.filter(({ kind }) => kind === 'backend').map((one) => [one.name, one]));
  for (const section of sections) {
    if (section.kind === 'frontend' || section.kind === 'listen') readFrontend(section, backends, draft);
    if (others.has(section.kind)) draft.leaveOut(section.line, section.kind, 'Sluice has nothing like this.');
  }
  return draft.read;
}

function sectionsOf(text: string, draft: ForeignDraft): Section[] {
  const sections: Section[] = [];
  let defaults: readonly Line[] = [];
  text.split(/\r?\n/, MOST_LINES).forEach((raw, index) => {
    const words = wordsOf(raw);
    const [kind, name = ''] = words;
    if (kind === undefined) return;
    const line = index + 1;
    if (kinds.has(kind) || others.has(kind)) {
      const section: Section = { kind, name, line, lines: [], defaults };
      sections.push(section);
      if (kind === 'defaults') defaults = section.lines;
    } else if (sections.length === 0) draft.leaveOut(line, raw, 'It stands before every section.');
    else sections.at(-1)?.lines.push({ words, line });
  });
  return sections;
}

/** Words up to a comment; `\ ` and quotes keep spaces. */
function wordsOf(raw: string): string[] {
  const words: string[] = [];
  const found = raw.slice(0, 4096).matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(#.*)|((?:[^\s"'#\\]|\\.)+)/g);
  for (const [, double, single, comment, plain] of found) {
    if (comment !== undefined) break;
    words.push((double ?? single ?? plain ?? '').replace(/\\(.)/g, '$1'));
  }
  return words;
}

interface Said {
  readonly allow: string[];
  readonly limits: Record<string, number>;
  readonly binds: Line[];
  readonly servers: Line[];
  mode: string;
  backend?: string;
}

function readFrontend(section: Section, backends: ReadonlyMap<string, Section>, draft: ForeignDraft) {
  const said: Said = { allow: [], limits: {}, binds: [], servers: [], mode: 'tcp' };
  const before = section.defaults.filter(({ words }) =>
    ['mode', 'timeout', 'default_backend'].includes(words[0] ?? ''),
  );
  for (const line of before) readLine(line, said, () => {});
  for (const line of section.lines) {
    readLine(line, said, (reason) => draft.leaveOut(line.line, line.words.join(' '), reason));
  }
  const title = `${section.kind} ${section.name}`;
  if (said.mode !== 'tcp')
    return draft.leaveOut(section.line, title, 'Only sections in TCP mode lead bytes on as they are.');
  const servers = said.servers.length > 0 ? said.servers : serversOf(said, backends, draft);
  const [server, ...more] = servers;
  if (!server) return draft.leaveOut(section.line, title, 'It has no server to lead to.');
  for (const { words, line } of more)
    draft.leaveOut(line, words.join(' '), 'A proxy of Sluice has one target; the first one is taken.');
  const target = targetOf(server, draft);
  if (!target) return;
  for (const bind of said.binds) readBind(bind, section.name, said, target, draft);
  if (said.binds.length === 0) draft.leaveOut(section.line, title, 'It has no bind.');
}

function serversOf({ backend }: Said, backends: ReadonlyMap<string, Section>, draft: ForeignDraft): Line[] {
  const found = backend === undefined ? undefined : backends.get(backend);
  if (!found) return [];
  const mode = [...found.defaults, ...found.lines].findLast(({ words }) => words[0] === 'mode');
  if (mode?.words[1] === 'http') draft.leaveOut(mode.line, 'mode http', 'Requests are led on as bytes, unread.');
  return found.lines.filter(({ words }) => words[0] === 'server');
}

const REJECT = /^tcp-request (?:connection|content) reject (unless|if) \{ src ([^{}]+) \}$/;
const REJECT_NOT = /^tcp-request (?:connection|content) reject if !\{ src ([^{}]+) \}$/;
const silent = new Set(['description', 'option', 'log', 'balance', 'mode']);

function readLine({ words, line }: Line, said: Said, refuse: (reason: string) => void) {
  const [name = '', first = '', second = ''] = words;
  switch (name) {
    case 'mode':
      said.mode = first;
      return;
    case 'bind':
      said.binds.push({ words, line });
      return;
    case 'server':
      said.servers.push({ words, line });
      return;
    case 'default_backend':
      said.backend = first;
      return;
    case 'maxconn':
      if (/^\d{1,6}$/.test(first)) said.limits.maxPipes = Number(first);
      return;
    case 'timeout':
      return readTimeout(first, second, said);
    case 'tcp-request':
      return readRule(words.join(' '), said, refuse);
    default:
      if (!silent.has(name)) refuse('Sluice has nothing like this.');
  }
}

function readTimeout(name: string, time: string, { limits }: Said) {
  const ms = durationMs(time, 'ms');
  if (ms === undefined) return;
  if (name === 'connect') limits.connectTimeoutMs = ms;
  if (name === 'client') limits.idleTimeoutMs = ms;
}

function readRule(rule: string, { allow }: Said, refuse: (reason: string) => void) {
  const [, word, list] = REJECT.exec(rule) ?? [];
  const [, listed] = REJECT_NOT.exec(rule) ?? [];
  const networks = (list ?? listed ?? '').trim().split(/\s+/);
  if (networks.some((one) => !isNetwork(one)))
    return refuse('Sluice takes lists of networks in such rules, nothing else.');
  const isBlocked = listed === undefined && word === 'if';
  allow.push(...networks.map((one) => (isBlocked ? `!${one}` : one)));
}

function readBind({ words, line }: Line, name: string, said: Said, target: object, draft: ForeignDraft) {
  const [, places = '', ...flags] = words;
  const isSecure = flags.includes('ssl');
  for (const text of places.split(',')) {
    const place = placeOf(text.replace(/^(ipv4|ipv6)@/, ''));
    const address = listenAddressOf(place?.address === '::' ? '::' : place?.address);
    const refuse = (reason: string) => draft.leaveOut(line, words.join(' '), reason);
    if (!place || address === undefined) {
      refuse('Sluice listens on one address and one port.');
      continue;
    }
    if (isSecure) refuse('It shows the certificate of this gateway until you import and choose its own.');
    const allow = said.allow.length > 0 ? { allow: said.allow } : {};
    draft.proxy({
      name,
      source: { address, port: place.port, ...allow, ...(isSecure && { secure: true }) },
      target: target as { address: string; port: number },
      limits: said.limits,
    });
  }
}

function targetOf(
  { words, line }: Line,
  draft: ForeignDraft,
): { address: string; port: number; secure?: boolean; serverName?: string } | undefined {
  const [, , text = '', ...flags] = words;
  const place = placeOf(text);
  const refuse = (reason: string) => draft.leaveOut(line, words.join(' '), reason);
  if (!place?.address || !(isHostName(place.address) || isIpAddress(place.address))) {
    refuse('Sluice needs a host name or an address, and a port.');
    return undefined;
  }
  const plain = { address: place.address, port: place.port };
  if (!flags.includes('ssl')) return plain;
  if (flags[flags.indexOf('verify') + 1] === 'none')
    refuse('Sluice always verifies: choose a CA or a fingerprint for its target.');
  const file = flags.indexOf('ca-file');
  if (file >= 0 && flags[file + 1] !== '@system-ca')
    refuse('Import its CA on the page Certificates, then choose it in the proxy.');
  const verifyHost = flags.indexOf('verifyhost');
  const serverName = verifyHost < 0 ? undefined : flags[verifyHost + 1];
  const isName = serverName !== undefined && (isHostName(serverName) || isIpAddress(serverName));
  return { ...plain, secure: true, ...(isName && { serverName }) };
}
