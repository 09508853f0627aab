/** Faults of services of this PC. */
import { type Faults, text } from './fault.ts';

export const pluginsFaults = {
  PLUGIN_NOT_FOUND: {
    status: 404,
    hop: 'gateway',
    what: (d) => `There is no plugin ${text(d, 'plugin', '?')} of the account ${text(d, 'user', '?')}.`,
    next: () => 'Look at the list of plugins; it may have been removed.',
  },
  PLUGIN_EXISTS: {
    status: 409,
    hop: 'gateway',
    what: (d) => `The account ${text(d, 'user', '?')} has a plugin with the ID ${text(d, 'plugin', '?')} already.`,
    next: () => 'Choose another ID.',
  },
  PLUGIN_IN_USE: {
    status: 409,
    hop: 'gateway',
    what: (d) => `Plugin ${text(d, 'plugin', '?')} is the target of ${text(d, 'proxies', 'a proxy')}.`,
    next: () => 'Remove these proxies first, or give them another target.',
  },
  PLUGIN_NOT_RUN_HERE: {
    status: 409,
    hop: 'gateway',
    what: (d) => `Plugin ${text(d, 'plugin', '?')} is not run by Sluice, which only looks whether it answers.`,
    next: () => 'Start and stop it where it is run, or give it a command in Sluice.',
  },
  PLUGIN_UNKNOWN: {
    status: 503,
    hop: 'target',
    what: (d) => `No plugin ${text(d, 'plugin', '?')} is registered for the account ${text(d, 'user', '?')}.`,
    next: () => 'Add the plugin, or correct the target. The port stays open and will work when the plugin is there.',
  },
  PLUGIN_STOPPED: {
    status: 503,
    hop: 'target',
    what: (d) => `Plugin ${text(d, 'name', text(d, 'plugin', '?'))} is not running on this PC.`,
    next: () => 'Start it. The port stays open and will work when the plugin runs.',
  },
  PLUGIN_NOT_ANSWERING: {
    status: 504,
    hop: 'target',
    what: (d) =>
      `Plugin ${text(d, 'name', text(d, 'plugin', '?'))} does not answer on ${text(d, 'address', '?')}:${text(d, 'port', '?')}: ${text(d, 'reason', 'nothing listens there')}.`,
    next: () => 'Read what it wrote last, and check that it listens on this port.',
  },
  PLUGIN_CRASHED: {
    status: 503,
    hop: 'target',
    what: (d) =>
      `Plugin ${text(d, 'name', text(d, 'plugin', '?'))} ended by itself (${text(d, 'reason', 'no reason')}).`,
    next: (d) =>
      d.isFinal === true
        ? 'Read what it wrote last, then start it again.'
        : 'Read what it wrote last. It is started again by itself.',
  },
  PLUGIN_NOT_STARTED: {
    status: 503,
    hop: 'target',
    what: (d) =>
      `Plugin ${text(d, 'name', text(d, 'plugin', '?'))} could not be started: ${text(d, 'reason', 'unknown reason')}.`,
    next: () => 'Check its command, its working folder and their rights.',
  },
  PLUGIN_NO_CONTAINER: {
    status: 503,
    hop: 'target',
    what: (d) => `Docker has no container ${text(d, 'container', '?')}.`,
    next: () => 'Make the container, or choose another one for this plugin.',
  },
  DOCKER_UNREACHABLE: {
    status: 503,
    hop: 'gateway',
    what: (d) => `Docker cannot be asked: ${text(d, 'reason', 'it does not answer')}.`,
    next: () => 'Start Docker, and give the account that Sluice runs as the right to use its socket.',
  },
} as const satisfies Faults;
