/** What the device form holds, and how it becomes a body and back; checked by the schema of the contract. */
import {
  type DeviceChange,
  type DeviceInput,
  type DeviceView,
  deviceChange,
  deviceInput,
} from '../../../shared/device.ts';
import { type Issue, toIssues } from '../../../shared/issue.ts';
import { userId } from '../../../shared/name.ts';

export interface DeviceValues {
  user: string;
  device: string;
  /** Empty in the form of a stored device: they stay. */
  credentials: string;
  name: string;
  description: string;
  enabled: boolean;
}
export type DeviceField = keyof DeviceValues;

/** In the order of the form. */
export const deviceFields: readonly DeviceField[] = ['user', 'device', 'credentials', 'name', 'description', 'enabled'];

export function newDevice(user: string, device = ''): DeviceValues {
  return { user, device, credentials: '', name: '', description: '', enabled: true };
}

export function toDeviceValues({ user, device, name, description, enabled }: DeviceView): DeviceValues {
  return { user, device, credentials: '', name, description, enabled };
}

export type DeviceErrors = Partial<Record<DeviceField, string>>;
export type Checked<Body> = { body: Body } | { errors: DeviceErrors };

/** The body of a new device, or why each field is refused. */
export function checkNewDevice({ user, device, credentials, ...rest }: DeviceValues): Checked<DeviceInput> {
  const account = userId.safeParse(user.trim());
  const result = deviceInput.safeParse({
    device: device.trim(),
    credentials,
    // Without a name it is called by its ID.
    ...(rest.name.trim() === '' ? {} : { name: rest.name }),
    description: rest.description,
    enabled: rest.enabled,
  });
  const errors = result.success ? {} : errorsAt(toIssues(result.error.issues));
  if (!account.success) errors.user = account.error.issues[0]?.message ?? '';
  return result.success && account.success ? { body: result.data } : { errors };
}

/** The change of a stored device: only what was changed in the form, so that what others change meanwhile stays. */
export function checkDeviceChange(
  values: DeviceValues,
  dirty: Partial<Record<DeviceField, unknown>>,
): Checked<DeviceChange> {
  const { credentials, name, description, enabled } = values;
  const result = deviceChange.safeParse({
    ...(credentials !== '' && { credentials }),
    ...(dirty.name ? { name: name.trim() === '' ? values.device : name } : {}),
    ...(dirty.description ? { description } : {}),
    ...(dirty.enabled ? { enabled } : {}),
  });
  return result.success ? { body: result.data } : { errors: errorsAt(toIssues(result.error.issues)) };
}

/** What the gateway refused, at the fields where it shows; empty where no field is to blame. */
export function refusedDevice({
  code,
  message,
  issues,
}: {
  code: string;
  message: string;
  issues: readonly Issue[];
}): DeviceErrors {
  return code === 'DEVICE_EXISTS' ? { device: message } : errorsAt(issues);
}

function errorsAt(issues: readonly Issue[]): DeviceErrors {
  const errors: DeviceErrors = {};
  for (const { path, message } of issues) {
    const field = deviceFields.find((name) => name === path);
    if (field) errors[field] ??= message;
  }
  return errors;
}
