/** A text field of the proxy form, tied to its value and its error. */
import type { ReactNode } from 'react';
import { useController } from 'react-hook-form';
import { TextField } from '../../components/form-field.tsx';
import type { FieldName, FormValues } from './form-values.ts';

interface FormTextProps {
  name: Exclude<FieldName, 'enabled' | 'protocol' | 'targetType' | 'targetSecure' | 'portalTab'>;
  label: string;
  placeholder?: string;
  help?: ReactNode;
  unit?: string;
  width?: number;
  isMono?: boolean;
  isBeside?: boolean;
  isNumber?: boolean;
  isMultiline?: boolean;
  disabled?: boolean;
  beside?: ReactNode;
  onTyped?: (text: string) => void;
}

export function FormText({ name, onTyped, isNumber, isMultiline, ...look }: FormTextProps) {
  const { field, fieldState } = useController<FormValues, typeof name>({ name });
  return (
    <TextField
      {...look}
      name={name}
      inputRef={field.ref}
      value={field.value}
      // An empty field is told of on saving: a message now would move what the pointer is about to press.
      onBlur={() => field.value !== '' && field.onBlur()}
      onChange={(event) => {
        field.onChange(event.target.value);
        onTyped?.(event.target.value);
      }}
      error={fieldState.error?.message}
      multiline={isMultiline ?? false}
      {...(isMultiline && { minRows: 2, maxRows: 8 })}
      inputProps={{ inputMode: isNumber ? 'numeric' : 'text' }}
    />
  );
}
