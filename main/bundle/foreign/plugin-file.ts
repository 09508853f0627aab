/** A `plugin.json` as a file: the service it describes, with the proxies it offers. */
import { toIssues } from '../../../shared/issue.ts';
import { pluginJson, readPluginJson } from '../../../shared/plugin-json.ts';
import { parseStrictly } from '../strict-json.ts';
import { Unreadable } from '../unreadable.ts';
import type { ForeignRead } from './foreign-file.ts';

/** Throws Unreadable. @param account  that the plugin is to belong to */
export function readPluginFile(text: string, account: string): ForeignRead {
  const { data, error } = pluginJson.safeParse(parseStrictly(text));
  if (!data) throw new Unreadable(toIssues(error.issues)[0]?.message.replace(/\.$/, '') ?? 'it is not a plugin.json');
  const { offers = [], ...plugin } = readPluginJson(data, account);
  const proxies = offers.flatMap(({ proxy }) => (proxy ? [{ value: { ...proxy }, secrets: {} }] : []));
  const leftOut = offers.flatMap(({ id, note, proxy }) =>
    note === '' ? [] : [{ where: `proxy ${id}`, text: proxy ? 'a note of the plugin' : id, reason: note }],
  );
  return { proxies, plugins: [{ value: { ...plugin, user: account, offers }, secrets: {} }], leftOut };
}
