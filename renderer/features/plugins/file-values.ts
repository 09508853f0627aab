/** A `plugin.json` as text → what the form starts from, and the proxies that it offers; or why it cannot be used. */
import { toIssues } from '../../../shared/issue.ts';
import type { PluginOffer } from '../../../shared/plugin.ts';
import { type PluginJson, pluginJson, readPluginJson } from '../../../shared/plugin-json.ts';
import { newPlugin, type PluginValues } from './plugin-values.ts';

/** More is no plugin.json, and would only make the page slow. */
export const MOST_CHARACTERS = 1_000_000;

export interface PluginFile {
  readonly values: PluginValues;
  readonly json: PluginJson;
  /** It says that Docker runs it. */
  readonly isContainer: boolean;
}

export function readFile(text: string, user: string): { readonly file: PluginFile } | { readonly error: string } {
  if (text.length > MOST_CHARACTERS) return { error: 'This is too long for a plugin.json.' };
  const parsed = parse(text);
  if (parsed === undefined) return { error: 'This is not JSON. Choose the file plugin.json of the plugin.' };
  const checked = pluginJson.safeParse(parsed);
  if (!checked.success) return { error: toIssues(checked.error.issues)[0]?.message ?? 'This is not a plugin.json.' };
  const { plugin = '', name = '', description = '', category = '', port } = readPluginJson(checked.data, user);
  const values = newPlugin(user, {
    ...{ plugin, name, description, category },
    port: port === undefined ? '' : String(port),
  });
  return { file: { values, json: checked.data, isContainer: checked.data.task !== undefined } };
}

/** They name the plugin, so they follow the ID and the account that are chosen in the form. */
export function offersOf({ json }: PluginFile, { plugin, user }: PluginValues): readonly PluginOffer[] {
  return readPluginJson({ ...json, name: plugin.trim() || json.name }, user.trim()).offers ?? [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
