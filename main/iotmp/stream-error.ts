/** Why a stream ended, or a request got no result, other than well. */

export type StreamErrorCode =
  /** The device answered the start with ERROR; `text` is what it said. */
  | 'REFUSED'
  | 'START_TIMEOUT'
  | 'LINK_LOST'
  | 'SLOW_CONSUMER'
  /** The other side stopped it. */
  | 'STOPPED'
  /** The other side sent more than it had credit for, or gave credit that is no number of bytes. */
  | 'CREDIT_BROKEN'
  | 'TOO_MANY_STREAMS';

export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: StreamErrorCode;
  /** What the device said, in its own words; to be shown, not parsed. */
  readonly text: string | undefined;

  constructor(code: StreamErrorCode, text?: string) {
    super(text ? `${code}: ${text}` : code);
    this.code = code;
    this.text = text;
  }
}

/** The other side answered a request with ERROR. */
export class DeviceAnswerError extends Error {
  override readonly name = 'DeviceAnswerError';
  /** In its own words, where it said any. */
  readonly text: string | undefined;
  /** HTTP-like number, where there is one. */
  readonly code: number | undefined;

  constructor(text: string | undefined, code: number | undefined) {
    super(text ?? 'The other side answered with an error.');
    this.text = text;
    this.code = code;
  }
}

/** A request that got no answer. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: 'TIMEOUT' | 'LINK_LOST' | 'TOO_MANY_REQUESTS';

  constructor(code: RequestError['code']) {
    super(`The request was not answered: ${code}`);
    this.code = code;
  }
}
