/** The last lines of a program, bounded in bytes. Text is foreign: what cannot be seen and what is secret is taken out. */
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { withoutUnseen } from '../../shared/name.ts';
import type { LogLine } from '../../shared/plugin.ts';

const MOST_BYTES = 256 * 1024;
/** A longer line goes on as the next one. */
const LONGEST_LINE = 4096;
/** What a line costs besides its text. */
const LINE_BYTES = 128;
const MOST_LINES = MOST_BYTES / LINE_BYTES;
/** Shorter values would black out half of the log. */
const SHORTEST_SECRET = 4;
const HIDDEN = '•••';

type Source = 'out' | 'err';

export class LogTail {
  readonly #lines: LogLine[] = [];
  #bytes = 0;
  #secrets: readonly string[] = [];
  #longestSecret = 0;

  get lines(): LogLine[] {
    return [...this.#lines];
  }

  /** From now on these values are not shown. */
  hide(secrets: readonly string[]): void {
    // A value may hold another: the longer one goes first.
    this.#secrets = secrets
      .flatMap((value) => value.split('\n'))
      .map(seen)
      .filter((value) => value.length >= SHORTEST_SECRET)
      .sort((a, b) => b.length - a.length);
    this.#longestSecret = this.#secrets[0]?.length ?? 0;
  }

  /** Something that became of the program. */
  note(text: string): void {
    this.#add('gateway', this.#shown(text));
    this.#trim();
  }

  /** Takes the bytes of one output of one run; `end` writes what has no line end. */
  writer(from: Source): { write(chunk: Buffer): void; end(): void } {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const take = (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      // Those before would be pushed out by these; a flood of empty lines is not worth a look at each.
      for (const line of lines.slice(-MOST_LINES)) this.#add(from, this.#shown(line));
      // A secret that begins in what is cut off here has to end before the end.
      const most = LONGEST_LINE + this.#longestSecret;
      if (rest.length > most) rest = this.#shown(rest);
      while (rest.length > most) {
        this.#add(from, rest.slice(0, LONGEST_LINE));
        rest = rest.slice(LONGEST_LINE);
      }
      this.#trim();
    };
    return {
      write: (chunk) => take(decoder.write(chunk)),
      end: () => {
        take(decoder.end());
        if (rest !== '') take('\n');
      },
    };
  }

  #add(from: LogLine['from'], shown: string): void {
    for (let at = 0; at === 0 || at < shown.length; at += LONGEST_LINE) {
      const text = shown.slice(at, at + LONGEST_LINE);
      this.#lines.push({ at: Date.now(), from, text });
      this.#bytes += Buffer.byteLength(text) + LINE_BYTES;
    }
  }

  #trim(): void {
    let gone = 0;
    while (this.#bytes > MOST_BYTES) {
      this.#bytes -= Buffer.byteLength(this.#lines[gone]?.text ?? '') + LINE_BYTES;
      gone += 1;
    }
    if (gone > 0) this.#lines.splice(0, gone);
  }

  #shown(raw: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), seen(raw));
  }
}

const seen = (raw: string): string => withoutUnseen(stripVTControlCharacters(raw).replaceAll('\t', '  '));
