/** A choice of listen address in the settings form. */
import { type ReactNode, useId } from 'react';
import { useController } from 'react-hook-form';
import { useCardAddresses } from '../../api/queries.ts';
import { AddressChoice } from '../../components/address-choice.tsx';
import { FieldError } from '../../components/form-field.tsx';
import styles from './settings.module.css';
import type { SettingsField } from './settings-values.ts';

interface SettingAddressProps {
  name: SettingsField;
  /** ID of the label. */
  labelledBy: string;
  help?: (address: string) => ReactNode;
}

export function SettingAddress({ name, labelledBy, help }: SettingAddressProps) {
  const { field, fieldState } = useController<Record<string, string>, string>({ name });
  const id = useId();
  return (
    <>
      <AddressChoice
        labelledBy={labelledBy}
        cards={useCardAddresses()}
        value={field.value ?? ''}
        onChange={field.onChange}
        inputRef={field.ref}
      />
      {fieldState.error && <FieldError id={id}>{fieldState.error.message}</FieldError>}
      {help && <p className={styles.help}>{help(field.value ?? '')}</p>}
    </>
  );
}
