/** What a near end is told to do, and what it answers. */

/** A way to the far end. */
export interface Way {
  /** Leads to the far end. */
  readonly port: number;
  /** The CA of what `port` shows; left out, the way is entered without TLS. */
  readonly ca?: string;
  /** The same way to a target that resumes no TLS session, where that makes a difference. */
  readonly freshPort?: number;
  /** The first process of what is in between. */
  readonly pid?: number;
  /** Live events of a gateway, which a page follows during the measure. */
  readonly page?: { readonly url: string; readonly token: string };
  /** Of datagrams: where the far end tells how many it has. */
  readonly far?: number;
}

export interface Job {
  readonly measure: string;
  readonly way: Way;
  readonly seconds: number;
  readonly connections?: number;
  readonly resumes?: boolean;
  /** Datagrams per second. */
  readonly pace?: number;
  /** How many clients stand still, or send in bulk, beside what is measured. */
  readonly stalled?: number;
  /** Whether memory is looked at, so that the way in between has to have settled first. */
  readonly settles?: boolean;
}

/** By name; what could not be measured is left out. */
export type Figures = Record<string, number>;
