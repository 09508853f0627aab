/** The last lines of a program, bounded in bytes. Text is foreign: what cannot be seen and what is secret is taken out. */
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { withoutUnseen } from '../../shared/name.ts';
import type { LogLine } from '../../shared/plugin.ts';

const MOST_BYTES = 256 * 1024;
/** A longer line goes on as the next one. */
const LONGEST_LINE = 4096;
/** What a line costs besides its text. */
const LINE_BYTES = 32;
/** Shorter values would black out half of the log. */
const SHORTEST_SECRET = 4;
const HIDDEN = '•••';

type Source = 'out' | 'err';

export class LogTail {
  readonly #lines: LogLine[] = [];
  #bytes = 0;
  #secrets: readonly string[] = [];

  get lines(): LogLine[] {
    return [...this.#lines];
  }

  /** From now on these values are not shown. */
  hide(secrets: readonly string[]): void {
    // A value may hold another: the longer one goes first.
    this.#secrets = secrets
      .flatMap((value) => value.split(/\r?\n/))
      .filter((value) => value.length >= SHORTEST_SECRET)
      .sort((a, b) => b.length - a.length);
  }

  /** Something that became of the program. */
  note(text: string): void {
    this.#add('gateway', text);
  }

  /** Takes the bytes of one output of one run; `end` writes what has no line end. */
  writer(from: Source): { write(chunk: Buffer): void; end(): void } {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const take = (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#add(from, line);
      while (rest.length > LONGEST_LINE) {
        this.#add(from, rest.slice(0, LONGEST_LINE));
        rest = rest.slice(LONGEST_LINE);
      }
    };
    return {
      write: (chunk) => take(decoder.write(chunk)),
      end: () => {
        take(decoder.end());
        if (rest !== '') this.#add(from, rest);
        rest = '';
      },
    };
  }

  #add(from: LogLine['from'], raw: string): void {
    for (let at = 0; at === 0 || at < raw.length; at += LONGEST_LINE) {
      const text = this.#shown(raw.slice(at, at + LONGEST_LINE));
      this.#lines.push({ at: Date.now(), from, text });
      this.#bytes += Buffer.byteLength(text) + LINE_BYTES;
    }
    let gone = 0;
    while (this.#bytes > MOST_BYTES) {
      this.#bytes -= Buffer.byteLength(this.#lines[gone]?.text ?? '') + LINE_BYTES;
      gone += 1;
    }
    if (gone > 0) this.#lines.splice(0, gone);
  }

  #shown(raw: string): string {
    const text = withoutUnseen(stripVTControlCharacters(raw).replaceAll('\t', '  '));
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
  }
}
