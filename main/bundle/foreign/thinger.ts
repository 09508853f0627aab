/** Proxies as Thinger.io gives them in JSON: one, a list, or the answer of a listing; either shape of plugin targets. */

import type { SentItem } from '../content.ts';
import { parseStrictly } from '../strict-json.ts';
import { Unreadable } from '../unreadable.ts';
import type { ForeignRead, LeftOut } from './foreign-file.ts';

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const MOST_PROXIES = 10_000;
/** Of the server's own, without a meaning for a gateway. */
const knownFields = ['proxy', 'name', 'description', 'enabled', 'config', 'created', 'modified'];

/** Spellings of what the server's console shows. */
const protocols: Readonly<Record<string, string>> = {
  'tcp-iotmp': 'tcp_iotmp',
  'tcp over iotmp': 'tcp_iotmp',
  'http-iotmp': 'http_iotmp',
  'http over iotmp': 'http_iotmp',
};

/** Throws Unreadable. @param account  of plugins that name none */
export function readThinger(text: string, account: string): ForeignRead {
  const whole = parseStrictly(text);
  const list = Array.isArray(whole) ? whole : isPlain(whole) && Array.isArray(whole.proxies) ? whole.proxies : [whole];
  if (list.length > MOST_PROXIES) throw new Unreadable(`it holds more than ${MOST_PROXIES} proxies`);
  const leftOut: LeftOut[] = [];
  const proxies = list.flatMap((one, index): SentItem[] => {
    const where = `entry ${index + 1}`;
    if (!isPlain(one) || typeof one.proxy !== 'string' || !isPlain(one.config)) {
      leftOut.push({
        where,
        text: JSON.stringify(one).slice(0, 160),
        reason: 'This is no proxy: it needs "proxy" and "config".',
      });
      return [];
    }
    for (const field of Object.keys(one).filter((key) => !knownFields.includes(key))) {
      leftOut.push({ where, text: field.slice(0, 160), reason: 'A proxy of Sluice has no such field.' });
    }
    const known = Object.fromEntries(Object.entries(one).filter(([key]) => knownFields.includes(key)));
    return [{ value: { ...known, name: one.name ?? one.proxy, config: configOf(one.config, account) }, secrets: {} }];
  });
  return { proxies, plugins: [], leftOut: leftOut.slice(0, 500) };
}

function configOf(config: Plain, account: string): Plain {
  const { protocol, target } = config;
  const spelled =
    typeof protocol === 'string' ? (protocols[protocol.toLowerCase()] ?? protocol.toLowerCase()) : protocol;
  if (!isPlain(target) || target.type !== 'plugin') return { ...config, protocol: spelled };
  const hasUser = target.user !== undefined || (isPlain(target.plugin) && target.plugin.user !== undefined);
  return { ...config, protocol: spelled, target: hasUser ? target : { ...target, user: account } };
}
