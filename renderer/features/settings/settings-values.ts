/** What the settings form holds, and how it becomes a change and back; checked by the schema of the contract. */
import { toIssues } from '../../../shared/issue.ts';
import { type Settings, type SettingsChange, settingsChange } from '../../../shared/settings.ts';

export interface SettingsValues {
  siteName: string;
  defaultAddress: string;
  portsFrom: string;
  portsTo: string;
  /** Empty is no limit. */
  maxPipes: string;
  maxUdpFlows: string;
}
export type SettingsField = keyof SettingsValues;

const paths: Record<SettingsField, string> = {
  siteName: 'siteName',
  defaultAddress: 'listen.defaultAddress',
  portsFrom: 'listen.dynamicPorts.from',
  portsTo: 'listen.dynamicPorts.to',
  maxPipes: 'limits.maxPipes',
  maxUdpFlows: 'limits.maxUdpFlows',
};

/** In the order of the form. */
export const settingsFields = Object.keys(paths) as SettingsField[];

export function toSettingsValues({ siteName, listen, limits }: Settings): SettingsValues {
  return {
    siteName,
    defaultAddress: listen.defaultAddress,
    portsFrom: String(listen.dynamicPorts.from),
    portsTo: String(listen.dynamicPorts.to),
    maxPipes: limits.maxPipes === 0 ? '' : String(limits.maxPipes),
    maxUdpFlows: String(limits.maxUdpFlows),
  };
}

const number = (text: string): number => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN);

export type SettingsErrors = Partial<Record<SettingsField, string>>;

/** The change to send, or why each field is refused. */
export function checkSettings(values: SettingsValues): { change: SettingsChange } | { errors: SettingsErrors } {
  const result = settingsChange.safeParse({
    siteName: values.siteName,
    listen: {
      defaultAddress: values.defaultAddress,
      dynamicPorts: { from: number(values.portsFrom), to: number(values.portsTo) },
    },
    limits: {
      maxPipes: values.maxPipes.trim() === '' ? 0 : number(values.maxPipes),
      maxUdpFlows: number(values.maxUdpFlows),
    },
  });
  if (result.success) return { change: result.data };
  const errors: SettingsErrors = {};
  for (const { path, message } of toIssues(result.error.issues)) {
    const field = settingsFields.find((name) => paths[name] === path);
    if (field) errors[field] ??= message;
  }
  return { errors };
}
