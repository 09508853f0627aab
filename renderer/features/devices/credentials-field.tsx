/** "Device Credentials": typed or made at random. Those of a stored device are never shown, only replaced. */
import RandomIcon from '@mui/icons-material/CasinoOutlined';
import Button from '@mui/material/Button';
import { useFormContext } from 'react-hook-form';
import { announce } from '../../components/announcer.tsx';
import { ControlledText } from '../../components/controlled-text.tsx';
import type { DeviceField, DeviceValues } from './device-values.ts';
import { randomCredentials } from './random-credentials.ts';

export function CredentialsField({ isNew }: { isNew: boolean }) {
  const { setValue } = useFormContext<DeviceValues>();
  const onRandom = () => {
    setValue('credentials', randomCredentials(), { shouldDirty: true, shouldTouch: true, shouldValidate: true });
    announce('Credentials made');
  };
  return (
    <ControlledText<DeviceField>
      name="credentials"
      label="Device Credentials"
      placeholder={isNew ? 'Device Credentials' : 'stored, not shown'}
      isMono
      width={340}
      beside={
        <Button startIcon={<RandomIcon />} onClick={onRandom} sx={{ minHeight: 'var(--field-size)', ml: '-8px' }}>
          Random
        </Button>
      }
      help={
        isNew
          ? 'Shown once more after adding, and never again.'
          : 'Leave it empty to keep them. New ones count from the next login; a live connection stays.'
      }
    />
  );
}
