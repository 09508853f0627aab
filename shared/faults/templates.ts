/** Faults of templates, and of proxies that are open for a time. */
import { type Faults, text } from './fault.ts';

export const templatesFaults = {
  LEASE_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `Proxy ${text(d, 'proxy', '?')} is not open for a time.`,
    next: () => 'Its time may have ended already. Look at its state.',
  },
  TEMPLATE_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no template ${text(d, 'template', '?')}.`,
    next: () => 'Look at the list of templates; it may have been removed.',
  },
  TEMPLATE_EXISTS: {
    status: 409,
    hop: 'gateway',
    what: (d) => `A template with the ID ${text(d, 'template', '?')} exists already.`,
    next: () => 'Choose another name.',
  },
  TEMPLATE_FIXED: {
    status: 409,
    hop: 'gateway',
    what: (d) => `The template ${text(d, 'template', '?')} comes with Sluice and cannot be changed.`,
    next: () => 'Make a proxy from it, change that one, and save it as a template of your own.',
  },
  TEMPLATES_FULL: {
    status: 409,
    hop: 'gateway',
    what: (d) => `There are ${text(d, 'most', '?')} own templates, which is the most there can be.`,
    next: () => 'Remove one of them.',
  },
} as const satisfies Faults;
