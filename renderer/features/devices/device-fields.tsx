/** The fields of a device, with the names that Thinger.io gives them. */
import SettingsIcon from '@mui/icons-material/TuneOutlined';
import { ControlledSwitch } from '../../components/controlled-switch.tsx';
import { ControlledText } from '../../components/controlled-text.tsx';
import { FormSection } from '../../components/form-field.tsx';
import { CredentialsField } from './credentials-field.tsx';
import type { DeviceField } from './device-values.ts';

export function DeviceFields({ isNew }: { isNew: boolean }) {
  const fixed = isNew ? undefined : 'Fixed after creation';
  return (
    <FormSection icon={<SettingsIcon />} title="Device Settings">
      <ControlledText<DeviceField>
        name="user"
        label="Username"
        placeholder="Username"
        isMono
        width={340}
        disabled={!isNew}
        help={fixed}
      />
      <ControlledText<DeviceField>
        name="device"
        label="Device Id"
        placeholder="Device Id"
        isMono
        width={340}
        disabled={!isNew}
        help={fixed}
      />
      <CredentialsField isNew={isNew} />
      <ControlledText<DeviceField> name="name" label="Device name" placeholder="Device name" />
      <ControlledText<DeviceField>
        name="description"
        label="Device description"
        placeholder="Optional device description"
      />
      <ControlledSwitch<DeviceField>
        name="enabled"
        label="Enabled"
        text={(isOn) => (isOn ? 'May connect' : 'Is turned away; a live connection is cut')}
      />
    </FormSection>
  );
}
