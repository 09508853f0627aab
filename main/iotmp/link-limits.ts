/** Every time and bound of a link and its streams. Defaults are for real use; tests shorten them. */
export interface LinkLimits {
  /** How often times are looked at. */
  readonly sweepMs: number;
  /** Body of a message once logged in. */
  readonly maxBodyBytes: number;
  /** A START_STREAM without answer (docs/iotmp.md §8.4). */
  readonly startTimeoutMs: number;
  /** How long a given up start is remembered, so that a late OK can be answered with STOP (§8.5). */
  readonly cancelledMs: number;
  /** How long the answer to a STOP is waited for; until then what still comes is dropped in silence. */
  readonly stopTimeoutMs: number;
  /** After our FIN on a stock stream: this long without data from the device, then STOP. */
  readonly lingerMs: number;
  /** How long one stream may keep the link paused in a row. */
  readonly pauseMs: number;
  /** Unread bytes of one stock stream above which the link is paused, and below which it goes on. */
  readonly maxUnreadBytes: number;
  readonly resumeUnreadBytes: number;
  /** The same for all stock streams of a link together: where there are many, each has its share. */
  readonly maxLinkUnreadBytes: number;
  /** Credit given on a credit stream, per direction; the second where it is the only stream. */
  readonly windowBytes: number;
  readonly loneWindowBytes: number;
  /** Payload of one STREAM_DATA: towards credit streams, the same where no other stream waits, and towards stock ones. */
  readonly frameBytes: number;
  readonly loneFrameBytes: number;
  readonly stockFrameBytes: number;
  readonly maxStreams: number;
  readonly maxRequests: number;
  /** Data and STOPs for unknown ids per second; more closes the link. */
  readonly strayPerSecond: number;
  /** A device that was told to stop an unknown stream may go on this long. */
  readonly strayGraceMs: number;
  /** At most one STOP per unknown id in this time. */
  readonly strayStopMs: number;
  /** Bytes that wait for the socket, beyond which the peer is taken for one that does not read. */
  readonly maxQueuedBytes: number;
  /** From our end of the connection until it is cut. */
  readonly closeTimeoutMs: number;
}

export const linkLimits: LinkLimits = {
  sweepMs: 250,
  maxBodyBytes: 256 * 1024,
  startTimeoutMs: 15_000,
  cancelledMs: 60_000,
  stopTimeoutMs: 10_000,
  lingerMs: 30_000,
  pauseMs: 10_000,
  maxUnreadBytes: 1024 * 1024,
  resumeUnreadBytes: 256 * 1024,
  maxLinkUnreadBytes: 32 * 1024 * 1024,
  windowBytes: 256 * 1024,
  loneWindowBytes: 512 * 1024,
  frameBytes: 64 * 1024,
  loneFrameBytes: 255 * 1024,
  stockFrameBytes: 16 * 1024,
  maxStreams: 1024,
  maxRequests: 256,
  strayPerSecond: 100,
  strayGraceMs: 2000,
  strayStopMs: 60_000,
  maxQueuedBytes: 4 * 1024 * 1024,
  closeTimeoutMs: 2000,
};
