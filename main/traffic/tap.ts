/** What is told of each read of a pipe while its payload is captured. */
import type { Way } from './conversation.ts';

export interface Tap {
  /**
   * @param bytes  valid until it returns
   * @param offset  of the first of them among all of their way
   */
  data(way: Way, bytes: Buffer, offset: number): void;
  end(way: Way, how: 'fin' | 'reset'): void;
}
