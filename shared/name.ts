/** IDs and free text that people or devices give: what they may hold. */
import { z } from 'zod';

/** Control characters, and those that turn the direction of the text around them. */
const unseen = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
export const isSeen = (text: string): boolean => !unseen.test(text);
const allUnseen = new RegExp(unseen, 'gu');
/** Text from outside, fit to be shown. */
export const withoutUnseen = (text: string): string => text.replace(allUnseen, '');
export const UNSEEN = 'Use letters and signs that can be seen.';

export const ID_RULE = 'Use 1 to 32 letters, digits, hyphens or underscores.';
const idOf = (missing: string) => z.string({ error: missing }).regex(/^[a-zA-Z0-9_-]{1,32}$/, ID_RULE);

export const proxyId = idOf('A proxy ID is needed.');
export const deviceId = idOf('A device ID is needed.');
export const pluginId = idOf('A plugin ID is needed.');
/** The account that devices and plugins belong to. */
export const userId = idOf('A username is needed.');
export const agentId = idOf('An ID is needed.');

/** Which plugin: IDs are unique within an account. */
export interface PluginKey {
  readonly user: string;
  readonly plugin: string;
}

/** `alice/broker`, as people see it. */
export const pluginLabel = ({ user, plugin }: PluginKey): string => `${user}/${plugin}`;
