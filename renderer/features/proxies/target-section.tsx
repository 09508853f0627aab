/** Form part "Target Configuration": where everything is passed to. */
import TargetIcon from '@mui/icons-material/SignpostOutlined';
import { useFormContext, useWatch } from 'react-hook-form';
import { FormSection } from '../../components/form-field.tsx';
import { FormText } from './form-text.tsx';
import type { FormValues } from './form-values.ts';
import { splitTarget } from './split-target.ts';

export function TargetSection() {
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
    <FormSection icon={<TargetIcon />} title="Target Configuration">
      <FormText
        name="targetAddress"
        label="Target address"
        placeholder="Target Hostname / IP"
        isMono
        onTyped={onTyped}
        beside={<FormText name="targetPort" label="Target port" placeholder="Target Port" isMono isNumber isBeside />}
      />
    </FormSection>
  );
}
