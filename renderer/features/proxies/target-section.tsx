/** Form part "Target Configuration": where everything is passed to, an address or a plugin, and through which device. */
import TargetIcon from '@mui/icons-material/SignpostOutlined';
import Switch from '@mui/material/Switch';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useId } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { isThroughDevice } from '../../../shared/proxy.ts';
import { FieldRow, FormSection } from '../../components/form-field.tsx';
import { DeviceField } from './device-field.tsx';
import { FormText } from './form-text.tsx';
import { type FormValues, leadsToPlugin } from './form-values.ts';
import { PluginField } from './plugin-field.tsx';
import { PortalFields } from './portal-fields.tsx';
import styles from './settings-section.module.css';
import { splitTarget } from './split-target.ts';

export function TargetSection({ onAddPlugin }: { onAddPlugin: () => void }) {
  const [protocol, targetType] = useWatch<FormValues, ['protocol', 'targetType']>({ name: ['protocol', 'targetType'] });
  const hasDevice = isThroughDevice(protocol);
  const isPlugin = leadsToPlugin({ protocol, targetType });
  return (
    <FormSection icon={<TargetIcon />} title="Target Configuration">
      {!hasDevice && <TypeChoice />}
      {hasDevice && (
        <>
          <FormText name="targetUser" label="Target Username" placeholder="Target Username" isMono width={296} />
          <DeviceField />
        </>
      )}
      {isPlugin ? <PluginFields onAdd={onAddPlugin} /> : <AddressFields hasDevice={hasDevice} />}
      {hasDevice && <SecureSwitch />}
      {protocol === 'http_iotmp' && <PortalFields />}
    </FormSection>
  );
}

const typeText = { address: 'Host Address', plugin: 'Plugin' } as const;

function TypeChoice() {
  const { field } = useController<FormValues, 'targetType'>({ name: 'targetType' });
  const id = useId();
  return (
    <FieldRow label="Target type" labelId={id}>
      <ToggleButtonGroup
        exclusive
        aria-labelledby={id}
        value={field.value}
        onChange={(_, chosen: FormValues['targetType'] | null) => chosen && field.onChange(chosen)}
      >
        {(['address', 'plugin'] as const).map((type) => (
          <ToggleButton key={type} value={type}>
            {typeText[type]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </FieldRow>
  );
}

function AddressFields({ hasDevice }: { hasDevice: boolean }) {
  const { setValue } = useFormContext<FormValues>();
  const port = useWatch<FormValues, 'targetPort'>({ name: 'targetPort' });
  /** An address that was pasted with its port fills both fields. */
  const onTyped = (text: string) => {
    const parts = port === '' ? splitTarget(text) : undefined;
    if (!parts) return;
    setValue('targetAddress', parts.address, { shouldDirty: true });
    setValue('targetPort', parts.port, { shouldDirty: true });
  };
  return (
    <FormText
      name="targetAddress"
      label="Target address"
      placeholder="Target Hostname / IP"
      isMono
      onTyped={onTyped}
      help={hasDevice ? 'As the device sees it; localhost is the device itself.' : undefined}
      beside={<PortField />}
    />
  );
}

function PluginFields({ onAdd }: { onAdd: () => void }) {
  return (
    <>
      <FormText name="targetUser" label="Account" placeholder="Account" isMono width={296} />
      <PluginField onAdd={onAdd} beside={<PortField />} />
    </>
  );
}

const PortField = () => (
  <FormText name="targetPort" label="Target port" placeholder="Target Port" isMono isNumber isBeside />
);

function SecureSwitch() {
  const { field } = useController<FormValues, 'targetSecure'>({ name: 'targetSecure' });
  const id = useId();
  return (
    <FieldRow label="SSL/TLS" htmlFor={id}>
      <div className={styles.enabled}>
        <Switch
          checked={field.value}
          onChange={(_, checked) => field.onChange(checked)}
          slotProps={{ input: { id, 'aria-describedby': `${id}-help` } }}
        />
        <span id={`${id}-help`}>
          {field.value
            ? 'The device makes the TLS connection to the target. Stock clients do not check its certificate.'
            : 'The device connects to the target in plain. TLS of the target would be made by the device.'}
        </span>
      </div>
    </FieldRow>
  );
}
