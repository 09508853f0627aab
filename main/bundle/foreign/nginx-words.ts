/** The configuration language of nginx: words, quotes, comments, `;` and blocks, as a tree with line numbers. */
import { Unreadable } from '../unreadable.ts';

export interface Directive {
  readonly name: string;
  readonly words: readonly string[];
  readonly line: number;
  /** Undefined where it ends with `;`. */
  readonly block?: readonly Directive[];
}

const DEEPEST = 16;
const MOST_DIRECTIVES = 50_000;
/** A quoted word, a plain word, a sign, or a comment; each with what stands before it. */
const TOKEN =
  /\s*(?:#[^\n]*|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|([{};])|((?:[^\s{};"'\\]|\\[\s\S]|(?<=\S)["'])+))/gy;

interface Open {
  readonly list: Directive[];
  readonly head?: { readonly words: string[]; readonly line: number };
}

/** Throws Unreadable. */
export function parseNginx(text: string): readonly Directive[] {
  const stack: Open[] = [{ list: [] }];
  let words: string[] = [];
  let line = 1;
  let began = 1;
  let count = 0;
  let at = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [whole, double, single, sign, plain] = found;
    const before = /^\s*/.exec(whole)?.[0] ?? '';
    line += linesIn(before);
    const word = double ?? single ?? plain;
    if (word !== undefined) {
      if (words.length === 0) began = line;
      words.push(word.replace(/\\([\s\S])/g, '$1'));
    } else if (sign !== undefined) {
      count += 1;
      if (count > MOST_DIRECTIVES) throw new Unreadable('it has too many directives');
      const top = stack.at(-1);
      if (sign === '{') {
        if (stack.length > DEEPEST) throw new Unreadable(`it is nested too deeply in line ${line}`);
        stack.push({ list: [], head: { words, line: began } });
      } else if (sign === '}') {
        const { list, head } = stack.pop() ?? { list: [] };
        if (!head || words.length > 0)
          throw new Unreadable(`there is a } too many, or a ; is missing, in line ${line}`);
        stack
          .at(-1)
          ?.list.push({ name: head.words[0] ?? '', words: head.words.slice(1), line: head.line, block: list });
      } else if (words.length > 0) top?.list.push({ name: words[0] ?? '', words: words.slice(1), line: began });
      words = [];
    }
    line += linesIn(whole.slice(before.length));
    at = TOKEN.lastIndex;
  }
  if (text.slice(at).trim() !== '') throw new Unreadable(`line ${line} has a quote without its end`);
  const [root] = stack;
  if (!root || stack.length > 1 || words.length > 0) throw new Unreadable('it ends in the middle of a block');
  return root.list;
}

const linesIn = (text: string): number => text.split('\n').length - 1;
