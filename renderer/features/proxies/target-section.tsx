/** Form part "Target Configuration": where everything is passed to, and through which device. */
import TargetIcon from '@mui/icons-material/SignpostOutlined';
import Switch from '@mui/material/Switch';
import { useId } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { isThroughDevice } from '../../../shared/proxy.ts';
import { FieldRow, FormSection } from '../../components/form-field.tsx';
import { DeviceField } from './device-field.tsx';
import { FormText } from './form-text.tsx';
import type { FormValues } from './form-values.ts';
import { PortalFields } from './portal-fields.tsx';
import styles from './settings-section.module.css';
import { splitTarget } from './split-target.ts';

export function TargetSection() {
  const { setValue } = useFormContext<FormValues>();
  const [protocol, port] = useWatch<FormValues, ['protocol', 'targetPort']>({ name: ['protocol', 'targetPort'] });
  const hasDevice = isThroughDevice(protocol);
  /** An address that was pasted with its port fills both fields. */
  const onTyped = (text: string) => {
    const parts = port === '' ? splitTarget(text) : undefined;
    if (!parts) return;
    setValue('targetAddress', parts.address, { shouldDirty: true });
    setValue('targetPort', parts.port, { shouldDirty: true });
  };
  return (
    <FormSection icon={<TargetIcon />} title="Target Configuration">
      {hasDevice && (
        <>
          <FormText name="targetUser" label="Target Username" placeholder="Target Username" isMono width={296} />
          <DeviceField />
        </>
      )}
      <FormText
        name="targetAddress"
        label="Target address"
        placeholder="Target Hostname / IP"
        isMono
        onTyped={onTyped}
        help={hasDevice ? 'As the device sees it; localhost is the device itself.' : undefined}
        beside={<FormText name="targetPort" label="Target port" placeholder="Target Port" isMono isNumber isBeside />}
      />
      {hasDevice && <SecureSwitch />}
      {protocol === 'http_iotmp' && <PortalFields />}
    </FormSection>
  );
}

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
