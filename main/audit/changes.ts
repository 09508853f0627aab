/** What is other in a configuration than before, value by value, with secrets masked. */
import type { AuditChange } from '../../shared/audit.ts';

/** Names of what may be told to nobody, anywhere in a path. What programs are given may hold anything. */
const SECRET = /pass|secret|credential|token|salt|digest|private|apikey|api_key|variables|\bargs\b|\benv\b/i;
const MASKED = '•••';
const MOST = 200;
const MOST_TEXT = 500;
/** Lists of things with names: told by name, so that one more does not look like a change of all behind it. */
const names = ['proxy', 'device', 'plugin', 'certificate', 'agent', 'template', 'id', 'name'];

export function changesBetween(before: unknown, after: unknown): AuditChange[] {
  const [old, now] = [flat(before), flat(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].filter((path) => old.get(path) !== now.get(path));
  const shown = paths.slice(0, MOST).map((path) => ({
    path: short(path),
    before: masked(path, old.get(path)),
    after: masked(path, now.get(path)),
  }));
  const more = paths.length - shown.length;
  return more > 0 ? [...shown, { path: `and ${more} more`, before: null, after: null }] : shown;
}

const masked = (path: string, value: string | undefined): string | null =>
  value === undefined ? null : SECRET.test(path) ? MASKED : short(value);

export const short = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);

/** Every single value by its path. */
function flat(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (part: unknown, path: string): void => {
    if (Array.isArray(part)) for (const [index, one] of part.entries()) visit(one, `${path}[${nameOf(one) ?? index}]`);
    else if (part !== null && typeof part === 'object')
      for (const [key, one] of Object.entries(part)) visit(one, path === '' ? key : `${path}.${key}`);
    else if (part !== undefined) found.set(path, String(part));
  };
  visit(value, '');
  return found;
}

function nameOf(one: unknown): string | undefined {
  if (one === null || typeof one !== 'object') return undefined;
  const fields = one as Readonly<Record<string, unknown>>;
  const name = names.map((key) => fields[key]).find((text) => typeof text === 'string');
  if (typeof name !== 'string') return undefined;
  return typeof fields.user === 'string' ? `${fields.user}/${name}` : name;
}
