/** The listen address of the proxy form. */
import { useId } from 'react';
import { useController } from 'react-hook-form';
import { useCardAddresses } from '../../api/queries.ts';
import { AddressChoice } from '../../components/address-choice.tsx';
import { FieldError, FieldRow } from '../../components/form-field.tsx';
import type { FormValues } from './form-values.ts';

export function ListenAddress() {
  const { field, fieldState } = useController<FormValues, 'listenAddress'>({ name: 'listenAddress' });
  const id = useId();
  return (
    <FieldRow label="Listen address" labelId={id}>
      <AddressChoice
        labelledBy={id}
        cards={useCardAddresses()}
        value={field.value}
        onChange={field.onChange}
        inputRef={field.ref}
      />
      {fieldState.error && <FieldError id={`${id}-error`}>{fieldState.error.message}</FieldError>}
    </FieldRow>
  );
}
