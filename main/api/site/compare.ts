/** Compares what a file brings with what is here: new, changed, removed, and what cannot work here. */
import { isDeepStrictEqual } from 'node:util';
import type { SiteConcern, SiteItemView, SitePartName } from '../../../shared/site.ts';
import { filled, placeholdersIn, type SentItem } from '../../bundle/content.ts';
import type { Engine } from '../../engine/engine.ts';
import { differencesOf } from './differences.ts';
import {
  type Draft,
  forbids,
  type Origin,
  type PartItem,
  type Present,
  type Scene,
  type SitePart,
  UnfitItem,
} from './site-part.ts';
import { parts } from './site-parts.ts';

export interface CompareOptions {
  readonly sent: Readonly<Partial<Record<SitePartName, readonly SentItem[]>>>;
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly mode: 'merge' | 'replace';
  /** IDs of items; undefined where nobody has chosen. */
  readonly chosen: readonly string[] | undefined;
  readonly present: Present;
  readonly origin: Origin;
  readonly engine: Engine;
  readonly draft: () => Draft;
}

/** One line of the comparison, and what is done where it is chosen. */
export interface Compared {
  readonly view: SiteItemView;
  readonly apply: (draft: Draft) => void;
  readonly isChosen: boolean;
}

interface Line {
  readonly part: SitePart;
  readonly id: string;
  readonly name: string;
  readonly change: SiteItemView['change'];
  readonly fields: SiteItemView['fields'];
  readonly item?: PartItem;
  readonly key: string;
  /** Why it cannot even be read. */
  readonly refusal?: SiteConcern;
}

export async function compare(options: CompareOptions): Promise<Compared[]> {
  const lines = parts.flatMap((part) => linesOf(part, options));
  const isOpen = ({ refusal, change }: Line) => !refusal && change !== 'same';
  // At first as if all of it were applied; then, with what is left of that, whether it still has what it needs.
  const first = await concernsOf(lines, lines.filter(isOpen), options);
  const wanted = options.chosen && new Set(options.chosen);
  const isWanted = (line: Line) => (wanted ? wanted.has(line.id) : isFree(first.get(line) ?? []));
  const second = await concernsOf(
    lines,
    lines.filter((line) => isOpen(line) && isWanted(line)),
    options,
  );
  return lines.map((line): Compared => {
    const concerns = line.refusal ? [line.refusal] : unique([...(first.get(line) ?? []), ...(second.get(line) ?? [])]);
    const isProposed = isOpen(line) && isFree(concerns);
    const { part, id, name, change, fields, item, key } = line;
    return {
      view: { id, part: part.part, name, change, fields, concerns, chosen: isProposed },
      apply: (draft) => (item ? part.keep(item, draft, options.origin) : part.remove(key, draft)),
      isChosen: wanted ? isOpen(line) && wanted.has(id) : isProposed,
    };
  });
}

const isFree = (concerns: readonly SiteConcern[]): boolean => concerns.every(({ weight }) => weight === 'tells');

const unique = (concerns: readonly SiteConcern[]): SiteConcern[] => [
  ...new Map(concerns.map((one) => [one.message, one])).values(),
];

/** What there is to say of each of these lines where they are applied together; of the removed ones too. */
async function concernsOf(
  all: readonly Line[],
  applied: readonly Line[],
  { draft, present, origin, engine }: CompareOptions,
): Promise<Map<Line, SiteConcern[]>> {
  const after = draft();
  for (const { part, item, key } of applied) item ? part.keep(item, after, origin) : part.remove(key, after);
  const scene: Scene = { present, after, origin, engine };
  const found = new Map<Line, SiteConcern[]>();
  const isApplied = new Set(applied);
  for (const line of all.filter(({ change, refusal }) => change !== 'same' && !refusal)) {
    if (line.item && !isApplied.has(line)) continue;
    found.set(
      line,
      line.item ? await line.part.concerns(line.item, scene) : (line.part.removal?.(line.key, scene) ?? []),
    );
  }
  return found;
}

function linesOf(part: SitePart, { sent, values, mode, present, origin }: CompareOptions): Line[] {
  const items = sent[part.part];
  if (!items) return [];
  const here = new Map(part.here(present).map((item) => [item.key, item]));
  const keys = new Set<string>();
  const lines = items.map((one, index): Line => {
    const id = `${part.part}:?${index + 1}`;
    const refused = (name: string, why: string): Line => {
      return { part, id, name, key: '', change: 'new', fields: [], refusal: forbids('value', why) };
    };
    const whole = filled(one, values);
    const [open] = placeholdersIn([whole]);
    if (open) return refused(nameOf(whole, index), `It needs a value for {{${open}}}.`);
    try {
      const item = part.read(whole, present, origin);
      if (keys.has(item.key)) return refused(item.name, `The file has ${item.key} twice.`);
      keys.add(item.key);
      return lineOf(part, item, here.get(item.key));
    } catch (thrown) {
      if (thrown instanceof UnfitItem) return refused(nameOf(whole, index), thrown.message);
      throw thrown;
    }
  });
  if (mode === 'merge') return lines;
  const gone = [...here.values()].filter(({ key }) => !keys.has(key));
  return [
    ...lines,
    ...gone.map(
      ({ key, name }): Line => ({ part, id: `${part.part}:${key}`, name, key, change: 'removed', fields: [] }),
    ),
  ];
}

function lineOf(part: SitePart, item: PartItem, before: PartItem | undefined): Line {
  const { key, name } = item;
  const common = { part, id: `${part.part}:${key}`, name, key, item };
  if (!before) return { ...common, change: 'new', fields: [] };
  const isSealedSame = isDeepStrictEqual(before.secrets, item.secrets);
  const fields = [
    ...differencesOf(before.shown, item.shown),
    ...(isSealedSame ? [] : [{ path: 'sealed values', before: 'hidden', after: 'hidden' }]),
  ];
  return { ...common, change: fields.length === 0 ? 'same' : 'changed', fields };
}

function nameOf({ value }: SentItem, index: number): string {
  const said = [value.name, value.proxy, value.device, value.plugin, value.certificate].find(
    (one) => typeof one === 'string',
  );
  return typeof said === 'string' ? said.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 64) : `Entry ${index + 1}`;
}
