/** The test of a proxy, hop by hop: what is tried, in order, and what came of it. */
import { z } from 'zod';
import { hops } from './errors.ts';

/**
 * `port`: the source port can be opened · `certificate`: what the source shows can be used · `device`, `plugin`: what the
 * way leads through is there · `name`: the target's name is found · `target`: it answers · `tls`: TLS is agreed ·
 * `bytes`: what it says unasked.
 */
export const ladderSteps = ['port', 'certificate', 'device', 'plugin', 'name', 'target', 'tls', 'bytes'] as const;
export type LadderStep = (typeof ladderSteps)[number];

export const stepResult = z.object({
  step: z.enum(ladderSteps),
  ok: z.boolean(),
  /** How long it took. */
  ms: z.number(),
  message: z.string(),
  /** Null where nothing has to be done. */
  next: z.string().nullable(),
  /** Of the catalogue of faults; null where it is good. */
  code: z.string().nullable(),
  /** Which part of the way spoke; null where it is good. */
  hop: z.enum(hops).nullable(),
  /** What the buttons beside a fault need, such as a fingerprint. */
  details: z.record(z.string(), z.unknown()),
});
export type StepResult = z.infer<typeof stepResult>;

/** Steps that could not be tried, since one before them failed, are not among `steps`. */
export const ladderResult = z.object({
  ok: z.boolean(),
  /** All that belong to this proxy. */
  plan: z.array(z.enum(ladderSteps)),
  steps: z.array(stepResult),
});
export type LadderResult = z.infer<typeof ladderResult>;

/** While it runs: what will be tried, then each step as it is done. */
export const ladderEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan'), plan: z.array(z.enum(ladderSteps)) }),
  z.object({ type: z.literal('step'), result: stepResult }),
]);
export type LadderEvent = z.infer<typeof ladderEvent>;

export const stepNames: Readonly<Record<LadderStep, string>> = {
  port: 'Port',
  certificate: 'Certificate',
  device: 'Device',
  plugin: 'Plugin',
  name: 'Name',
  target: 'Target',
  tls: 'SSL/TLS',
  bytes: 'First bytes',
};

/** As people send it to each other: a line a step. */
export function ladderText(title: string, { ok, plan, steps }: LadderResult): string {
  const lines = steps.map(
    ({ step, ok: isGood, ms, message, next }) =>
      `${isGood ? 'ok    ' : 'FAILED'}  ${stepNames[step]}: ${message}${next ? ` ${next}` : ''} (${Math.round(ms)} ms)`,
  );
  const rest = plan.filter((step) => !steps.some((done) => done.step === step)).map((step) => stepNames[step]);
  const untried = rest.length > 0 ? [`not tried: ${rest.join(', ')}`] : [];
  return [`${title}: ${ok ? 'works' : 'does not work'}`, ...lines, ...untried].join('\n');
}
