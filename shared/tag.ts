/** Short words that people group proxies by. */
import { z } from 'zod';

export const MOST_TAGS = 8;

const tag = z
  .string({ error: 'Use text.' })
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,23}$/u, 'Use 1 to 24 letters, digits, hyphens, dots or underscores.');

export const tags = z
  .array(tag, { error: 'Use a list of words.' })
  .max(MOST_TAGS, `Use at most ${MOST_TAGS} tags.`)
  .refine((list) => new Set(list.map((one) => one.toLowerCase())).size === list.length, 'Use each tag once.');

/** The tags of a text in which they stand with commas or spaces between them. */
export const tagsOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** All tags that are in use, in the order of the alphabet. */
export function tagsInUse(profiles: Iterable<{ readonly tags?: readonly string[] | undefined }>): string[] {
  const all = new Set([...profiles].flatMap((profile) => profile.tags ?? []));
  return [...all].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}
