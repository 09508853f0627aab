/** Plugins: services of this PC that proxies lead to; what people may send, what is stored, and how each one does. */
import { z } from 'zod';
import { errorInfo } from './error-info.ts';
import { isSeen, pluginId, UNSEEN, userId } from './name.ts';
import { port, proxyInput, targetAddress } from './proxy.ts';

/**
 * `manual` is run by somebody else, `process` is a program that Sluice runs, `docker` a container that Docker runs.
 * Of the last Sluice reads the state and changes nothing.
 */
export const pluginKinds = ['manual', 'process', 'docker'] as const;
export type PluginKind = (typeof pluginKinds)[number];

const text = (max: number) =>
  z.string({ error: 'Use text.' }).max(max, `Use at most ${max} characters.`).refine(isSeen, UNSEEN);
const name = text(255).trim();
const description = text(255);
const category = text(64);
const kind = z.enum(pluginKinds, { error: `Use one of: ${pluginKinds.join(', ')}.` });
const flag = z.boolean({ error: 'Use true or false.' });
/** Only what listens on TCP can be asked whether it answers. */
const transport = z.enum(['tcp', 'udp'], { error: 'Use "tcp" or "udp".' });

/** No NUL: the system would cut the text there. */
const argument = z
  .string({ error: 'Use text.' })
  .max(8192, 'Use at most 8192 characters.')
  .refine((value) => !value.includes('\0'), UNSEEN);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'Use letters, digits and underscores.');
const most = <T extends z.ZodRecord>(record: T) =>
  record.refine((all) => Object.keys(all).length <= 100, 'Use at most 100 variables.');

const process = {
  /** A program in `PATH`, or its path. No shell: nothing in it or in `args` is expanded. */
  command: argument.min(1, 'A command is needed.').refine((value) => value.trim() === value, 'Leave out the spaces.'),
  args: z.array(argument, { error: 'Use a list.' }).max(256, 'Use at most 256 arguments.'),
  /** Added to the few variables that every program gets. */
  env: most(z.record(variable, argument)),
  /** Where it runs; left out, that is a folder of its own below the data folder. */
  cwd: argument.regex(/^([/\\]|[A-Za-z]:[/\\])/, 'Use a whole path.').optional(),
  /** Whether it is started again when it ends by itself. */
  restart: flag,
  /** Whether it is to run, from the start of the gateway on. */
  enabled: flag,
};

/** Values that are sealed and never given back. `true` stands for the value that is stored already. */
const secrets = most(z.record(variable, z.union([argument.min(1, 'A value is needed.'), z.literal(true)])));
const processInput = z.strictObject({
  command: process.command,
  args: process.args.optional(),
  env: process.env.optional(),
  /** Left out, what is sealed stays; what is sent replaces all of it. */
  secrets: secrets.optional(),
  cwd: process.cwd,
  restart: flag.optional(),
  enabled: flag.optional(),
});
export type ProcessInput = z.infer<typeof processInput>;

const container = z.strictObject({
  /** Its name in Docker, without the slash. */
  name: z
    .string({ error: 'A container name is needed.' })
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/, 'Use the name that Docker shows.'),
});

/** A proxy that the plugin comes with. Without `proxy` it cannot be made, and `note` says why. */
const pluginOffer = z.object({
  id: z.string(),
  name: z.string(),
  proxy: proxyInput.nullable(),
  note: z.string(),
});
export type PluginOffer = z.infer<typeof pluginOffer>;
const offers = z.array(pluginOffer, { error: 'Use a list.' }).max(32, 'Use at most 32 proxies.');

/** Set by Sluice. Taken and left unused, so that what was read can be sent as it is. */
const readOnly = { created: z.number().optional(), modified: z.number().optional(), status: z.unknown().optional() };

/** Body of `POST /v1/users/{user}/plugins`, in our own form. */
export const pluginInput = z.strictObject({
  ...readOnly,
  user: userId.optional(),
  plugin: pluginId,
  name: name.optional(),
  description: description.optional(),
  category: category.optional(),
  kind: kind.optional(),
  address: targetAddress.optional(),
  port,
  transport: transport.optional(),
  process: processInput.optional(),
  container: container.optional(),
  offers: offers.optional(),
});
export type PluginInput = z.infer<typeof pluginInput>;

/** Body of `PUT /v1/users/{user}/plugins/{plugin}`: any part; `process` as a whole but for its secrets. */
export const pluginChange = z.strictObject({
  ...pluginInput.shape,
  plugin: pluginId.optional(),
  port: port.optional(),
});
export type PluginChange = z.infer<typeof pluginChange>;

export const pluginParams = z.object({ user: z.string(), plugin: z.string() });

const profileShape = {
  user: userId,
  plugin: pluginId,
  name,
  description,
  category,
  kind,
  address: targetAddress,
  port,
  transport,
  container: container.optional(),
  offers,
  /** Wall clock, milliseconds. */
  created: z.number(),
  modified: z.number(),
};

/** The stored plugin; of sealed values only their names are here. */
export const pluginProfile = z.object({
  ...profileShape,
  process: z.object({ ...process, secrets: z.array(variable) }).optional(),
});
export type PluginProfile = z.infer<typeof pluginProfile>;
export type PluginProcess = NonNullable<PluginProfile['process']>;

export const pluginStates = [
  'running',
  'starting',
  'stopping',
  'stopped',
  'not_answering',
  'crashed',
  'unknown',
] as const;
export type PluginState = (typeof pluginStates)[number];

export const pluginStatus = z.object({
  state: z.enum(pluginStates),
  /** Since when in this state, wall clock milliseconds. */
  since: z.number(),
  /** Why it is not running, where there is more to say than the state. */
  error: errorInfo.nullable(),
  /** When a crashed program is started again, wall clock milliseconds; null where it is not. */
  retryAt: z.number().nullable(),
  /** Of the program that Sluice runs; null where none runs. */
  pid: z.number().nullable(),
  /** How often it was started again by itself since the gateway started. */
  restarts: z.number(),
});
export type PluginStatus = z.infer<typeof pluginStatus>;

/** A plugin as answers and events carry it; its sealed values are only told to be there. */
export const pluginView = z.object({
  ...profileShape,
  process: z.object({ ...process, secrets: z.record(variable, z.literal(true)) }).optional(),
  status: pluginStatus,
});
export type PluginView = z.infer<typeof pluginView>;

/** What a program wrote, or what became of it (`gateway`). */
export const logLine = z.object({
  /** Wall clock, milliseconds. */
  at: z.number(),
  from: z.enum(['out', 'err', 'gateway']),
  text: z.string(),
});
export type LogLine = z.infer<typeof logLine>;

/** A container with ports on this PC. */
export const containerView = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  /** As Docker calls it: `running`, `exited` … */
  state: z.string(),
  ports: z.array(
    z.object({
      address: z.string(),
      port: z.number(),
      /** Inside of the container. */
      containerPort: z.number(),
      transport,
    }),
  ),
});
export type ContainerView = z.infer<typeof containerView>;

/** What a name of a variable says about its value: such values belong among the secrets. */
export const looksSecret = (variableName: string): boolean =>
  /passw|secret|token|credential|api_?key|private_?key|_key$|^key$/i.test(variableName);
