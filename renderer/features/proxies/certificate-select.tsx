/** Choice of a certificate of the desk, with how it does. */
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';
import { useId } from 'react';
import { useController } from 'react-hook-form';
import type { CertificateKind, CertificateView } from '../../../shared/certificate.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { certificateStateText } from '../../components/certificate-state.ts';
import { FieldError, FieldHelp, FieldRow } from '../../components/form-field.tsx';
import type { FormValues } from './form-values.ts';

interface CertificateSelectProps {
  name: 'sourceCertificate' | 'sourceClientCa' | 'targetCertificate' | 'targetVerify';
  label: string;
  kinds: readonly CertificateKind[];
  /** Choices before the certificates: value and words. */
  first: readonly (readonly [value: string, text: string])[];
  /** How the value names a certificate, such as `ca:plant`. */
  toValue?: (certificate: string) => string;
  help?: string;
}

export function CertificateSelect({ name, label, kinds, first, toValue = (id) => id, help }: CertificateSelectProps) {
  const { field, fieldState } = useController<FormValues, typeof name>({ name });
  const all = useGateway(({ certificates }) => certificates);
  const fitting = all.filter(({ kind, origin }) => kinds.includes(kind) && origin !== 'hub');
  const id = useId();
  const error = fieldState.error?.message;
  const values = [...first.map(([value]) => value), ...fitting.map(({ certificate }) => toValue(certificate))];
  return (
    <FieldRow label={label} labelId={`${id}-label`}>
      <Select
        value={field.value}
        onChange={({ target }) => field.onChange(target.value)}
        onBlur={field.onBlur}
        inputRef={field.ref}
        labelId={`${id}-label`}
        error={error !== undefined}
        fullWidth
        displayEmpty
        inputProps={{
          'aria-describedby': [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ') || undefined,
        }}
      >
        {first.map(([value, text]) => (
          <MenuItem key={value} value={value}>
            {text}
          </MenuItem>
        ))}
        {fitting.map((view) => (
          <MenuItem key={view.certificate} value={toValue(view.certificate)}>
            {choiceText(view)}
          </MenuItem>
        ))}
        {/* One that is gone meanwhile is still what the profile says. */}
        {!values.includes(field.value) && <MenuItem value={field.value}>{field.value}</MenuItem>}
      </Select>
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {help !== undefined && <FieldHelp id={`${id}-help`}>{help}</FieldHelp>}
    </FieldRow>
  );
}

const choiceText = (view: CertificateView): string =>
  view.state === 'good' ? view.name : `${view.name} (${certificateStateText[view.state]})`;
