/** One refused field: where it is and why, in one plain sentence. Turns zod's findings into ours. */
import type { z } from 'zod';

/** `path` is dotted as in JSON: `config.source.port`. Empty for the whole body. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

type ZodIssue = z.core.$ZodIssue;

const TLS_NEEDS_TCP = 'SSL/TLS needs TCP; leave this field out.';

function unknownField(key: string): string {
  return key === 'secure' ? TLS_NEEDS_TCP : `The field "${key}" is not known here.`;
}

/** Flattens zod's issues: an unknown key is reported at its own path, not at its parent's. */
export function toIssues(found: readonly ZodIssue[], prefix: readonly PropertyKey[] = []): Issue[] {
  return found.flatMap((issue): Issue[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: dotted([...path, key]), message: unknownField(key) }));
    }
    if (issue.code === 'invalid_key') {
      return toIssues(issue.issues).map(({ message }) => ({ path: dotted(path), message }));
    }
    if (issue.code === 'invalid_union') {
      // The first form is the usual one; a union told apart by a field has its own words.
      const [usual] = issue.errors;
      if (usual && usual.length > 0 && issue.message.startsWith('Invalid input')) return toIssues(usual, path);
    }
    return [{ path: dotted(path), message: plain(issue, path.length === 0) }];
  });
}

/** What a field must be where its schema has no words of its own. */
const typeWords: Readonly<Record<string, string>> = {
  object: 'Use an object.',
  record: 'Use an object.',
  array: 'Use a list.',
  string: 'Use text.',
  number: 'Use a number.',
  boolean: 'Use true or false.',
};

function plain(issue: ZodIssue, isWhole: boolean): string {
  const hasOwnWords = issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input');
  if (hasOwnWords) return issue.message;
  return isWhole ? 'The request needs a JSON object.' : (typeWords[issue.expected] ?? issue.message);
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');
