/** A text field of a form, tied to its value and its error. */
import type { ReactNode } from 'react';
import { useController } from 'react-hook-form';
import { TextField } from './form-field.tsx';

interface ControlledTextProps<Name extends string> {
  name: Name;
  label: string;
  placeholder?: string;
  help?: ReactNode;
  width?: number;
  isMono?: boolean;
  isBeside?: boolean;
  isMultiline?: boolean;
  isSecret?: boolean;
  isNumber?: boolean;
  disabled?: boolean;
  beside?: ReactNode;
  onTyped?: (text: string) => void;
}

export function ControlledText<Name extends string>({
  name,
  isMultiline,
  isSecret,
  isNumber,
  onTyped,
  ...look
}: ControlledTextProps<Name>) {
  const { field, fieldState } = useController<Record<string, string>, string>({ name });
  const { ref, value, onChange, onBlur } = field;
  return (
    <TextField
      {...look}
      name={name}
      value={value}
      onChange={(event) => {
        onChange(event);
        onTyped?.(event.target.value);
      }}
      // An empty field is told of on saving: a message now would move what the pointer is about to press.
      onBlur={() => value !== '' && onBlur()}
      inputRef={ref}
      error={fieldState.error?.message}
      inputProps={{ inputMode: isNumber ? 'numeric' : 'text' }}
      multiline={isMultiline ?? false}
      {...(isSecret && { type: 'password' })}
      {...(isMultiline && { minRows: 3, maxRows: 8 })}
    />
  );
}
