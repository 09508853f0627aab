/** Faults of pipes and what is captured of them. */
import { type Faults, text } from './fault.ts';

export const trafficFaults = {
  PIPE_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no pipe ${text(d, 'pipe', '?')}.`,
    next: () => 'It may have ended and left the list of recent pipes.',
  },
  CAPTURE_RUNNING: {
    status: 409,
    hop: 'gateway',
    what: (d) => `The payload of ${text(d, 'what', '?')} is being captured already.`,
    next: () => 'Look at what is captured, or stop that capture first.',
  },
  CAPTURE_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `Nothing was captured of ${text(d, 'what', '?')}.`,
    next: () => 'Arm a capture of it first. Captures are kept until newer ones take their place or Sluice ends.',
  },
  CAPTURES_FULL: {
    status: 409,
    hop: 'gateway',
    what: (d) => `There are ${text(d, 'most', '?')} captures armed, which is the most there can be.`,
    next: () => 'Stop one of them.',
  },
  RECORD_INCOMPLETE: {
    status: 409,
    hop: 'gateway',
    what: (d) =>
      `This record lacks ${text(d, 'bytes', 'some')} bytes that the client sent, so it cannot be sent again.`,
    next: () => 'Record the conversation again from its beginning, with a larger budget.',
  },
  RECORD_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no record ${text(d, 'record', '?')}.`,
    next: () => 'Look at the list of kept conversations; it may have been removed.',
  },
  RECORDS_FULL: {
    status: 409,
    hop: 'gateway',
    what: (d) => `Kept conversations may take ${text(d, 'most', 'no more')} in all, which is not enough for this one.`,
    next: () => 'Remove some that are no longer needed, or give captures more disk in the settings.',
  },
  RECORD_NOT_KEPT: {
    status: 507,
    hop: 'gateway',
    what: (d) => `The conversation could not be kept: ${text(d, 'reason', 'the disk refused')}.`,
    next: () => 'Make room on the disk of this PC and try again; what was captured is still there.',
  },
  RECORD_DAMAGED: {
    status: 422,
    hop: 'gateway',
    what: (d) => `The record ${text(d, 'record', '?')} is damaged.`,
    next: () => 'Remove it; what stands before the damage can still be read from its file.',
  },
  DECODER_FAILED: {
    status: 422,
    hop: 'gateway',
    what: (d) => `The decoder could not read this traffic: ${text(d, 'reason', 'it failed')}.`,
    next: () => 'Look at it as hex.',
  },
} as const satisfies Faults;
