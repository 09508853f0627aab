/** Tells the format of a file by its content, and reads it. */
import type { ImportFormat } from '../../../shared/site.ts';
import { isSealedFile } from '../sealed-file.ts';
import { Unreadable } from '../unreadable.ts';
import type { ForeignRead } from './foreign-file.ts';
import { readFrpc } from './frpc.ts';
import { readHaproxy } from './haproxy.ts';
import { readNetsh } from './netsh.ts';
import { readNginx } from './nginx.ts';
import { readPluginFile } from './plugin-file.ts';
import { readThinger } from './thinger.ts';

export type ForeignFormat = Exclude<ImportFormat, 'sluice'>;

/** Throws Unreadable. */
export function formatOf(text: string): ImportFormat {
  if (isSealedFile(text)) return 'sluice';
  if (/^\s*[[{]\s*["{\]}]/.test(text))
    return /"version"\s*:/.test(text) && !/^\s*\{?\s*"proxy"/.test(text) && !/^\s*\[/.test(text) ? 'plugin' : 'thinger';
  if (/^\s*-{3,}(\s+-{3,}){3}\s*$/m.test(text) || /\badd\s+v[46]tov[46]\b/i.test(text)) return 'netsh';
  if (/^\s*\[\[\s*proxies\s*\]\]/m.test(text) || /^\s*(serverAddr|serverPort)\s*=/m.test(text)) return 'frpc';
  if (/^\s*(stream|server|upstream\s+\S+)\s*\{/m.test(text)) return 'nginx';
  if (/^\s*(frontend|listen|backend)\s+\S+/m.test(text)) return 'haproxy';
  throw new Unreadable('its format is not known');
}

/** Throws Unreadable. @param account  of plugins that name none */
export function readForeign(format: ForeignFormat, text: string, account: string): ForeignRead {
  switch (format) {
    case 'thinger':
      return readThinger(text, account);
    case 'plugin':
      return readPluginFile(text, account);
    case 'frpc':
      return readFrpc(text);
    case 'nginx':
      return readNginx(text);
    case 'haproxy':
      return readHaproxy(text);
    case 'netsh':
      return readNetsh(text);
  }
}
