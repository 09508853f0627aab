/** `frpc.toml`: each proxy of type tcp or udp becomes a port of this gateway that leads to the same place. */
import { parse, TomlError } from 'smol-toml';
import { Unreadable } from '../unreadable.ts';
import { ForeignDraft, type ForeignRead } from './foreign-file.ts';

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const read = ['name', 'type', 'localIP', 'localPort', 'remotePort'];
const MOST_PROXIES = 10_000;

/** Throws Unreadable. */
export function readFrpc(text: string): ForeignRead {
  const whole = parsed(text);
  const draft = new ForeignDraft();
  for (const key of Object.keys(whole).filter((one) => one !== 'proxies')) {
    const reason =
      key === 'visitors'
        ? 'Sluice has no visitors: a proxy leads to its target itself.'
        : 'This is about the connection to the frp server, which Sluice does not need.';
    draft.leaveOut(key, key, reason);
  }
  const list = Array.isArray(whole.proxies) ? whole.proxies.slice(0, MOST_PROXIES) : [];
  list.forEach((one: unknown, index) => {
    const where = `proxies ${index + 1}`;
    if (isTable(one)) readProxy(one, where, draft);
    else draft.leaveOut(where, String(one), 'This is no table.');
  });
  return draft.read;
}

function readProxy(one: Table, where: string, draft: ForeignDraft) {
  const { type = 'tcp', localIP = '127.0.0.1', localPort, remotePort } = one;
  const name = typeof one.name === 'string' && one.name !== '' ? one.name : where;
  if (type !== 'tcp' && type !== 'udp') {
    return draft.leaveOut(
      where,
      name,
      `Sluice has no proxies of the type ${String(type).slice(0, 32)}; it takes tcp and udp.`,
    );
  }
  if (typeof localPort !== 'number' || typeof remotePort !== 'number' || typeof localIP !== 'string') {
    return draft.leaveOut(where, name, 'It needs localPort and remotePort as numbers.');
  }
  if (remotePort === 0) return draft.leaveOut(where, name, 'Its port is chosen by the frp server; name one.');
  for (const key of Object.keys(one).filter((field) => !read.includes(field))) {
    draft.leaveOut(where, `${name}: ${key}`, 'Sluice does not take over this setting.');
  }
  draft.proxy({
    name,
    protocol: type,
    source: { port: remotePort, address: '0.0.0.0' },
    target: { address: localIP, port: localPort },
  });
}

function parsed(text: string): Table {
  try {
    return parse(text, { maxDepth: 24 });
  } catch (cause) {
    if (cause instanceof TomlError) throw new Unreadable(`it is not valid TOML in line ${cause.line}`);
    throw new Unreadable('it is not valid TOML');
  }
}
