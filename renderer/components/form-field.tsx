/** One labelled field: label left (above on narrow pages), control, help or the reason why its value is refused. */
import CloseIcon from '@mui/icons-material/Close';
import OutlinedInput, { type OutlinedInputProps } from '@mui/material/OutlinedInput';
import { type ReactNode, useId } from 'react';
import styles from './form-field.module.css';

interface FieldProps {
  label: string;
  /** Ties label and control. Left out for a group, which then gets its name through `aria-labelledby`. */
  htmlFor?: string;
  labelId?: string;
  children: ReactNode;
}

/** A row of the form. */
export function FieldRow({ label, htmlFor, labelId, children }: FieldProps) {
  return (
    <div className={styles.row}>
      {htmlFor ? (
        <label className={styles.label} htmlFor={htmlFor}>
          {label}
        </label>
      ) : (
        <span className={styles.label} id={labelId}>
          {label}
        </span>
      )}
      <div className={styles.control}>{children}</div>
    </div>
  );
}

export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p className={styles.error} id={id}>
      <CloseIcon />
      {children}
    </p>
  );
}

export function FieldHelp({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div className={styles.help} id={id}>
      {children}
    </div>
  );
}

interface TextFieldProps extends Omit<OutlinedInputProps, 'error' | 'label' | 'notched'> {
  label: string;
  /** Why the value is refused. */
  error?: string | undefined;
  help?: ReactNode;
  isMono?: boolean;
  /** The unit behind the field, and its width in px. */
  unit?: string;
  width?: number;
  /** Stands in the row of another field, with its own small label before it. */
  isBeside?: boolean;
  /** Further controls of the row. */
  beside?: ReactNode;
}

export function TextField({ label, error, help, isMono, unit, width, isBeside, beside, ...input }: TextFieldProps) {
  const id = useId();
  const described = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ');
  const box = (
    <OutlinedInput
      {...input}
      id={id}
      error={error !== undefined}
      endAdornment={unit ? <span className={styles.unit}>{unit}</span> : input.endAdornment}
      fullWidth={width === undefined}
      sx={{ width, flex: 'none' }}
      inputProps={{
        ...input.inputProps,
        'aria-describedby': described || undefined,
        className: isMono ? 'mono' : undefined,
        spellCheck: false,
        autoComplete: 'off',
      }}
    />
  );
  const notes = (
    <>
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {help && <FieldHelp id={`${id}-help`}>{help}</FieldHelp>}
    </>
  );
  const isWide = width === undefined;
  if (isBeside) {
    return (
      <div className={styles.beside}>
        <label className={styles.besideLabel} htmlFor={id}>
          {label}
        </label>
        <div className={styles.besideControl}>
          {box}
          {notes}
        </div>
      </div>
    );
  }
  return (
    <FieldRow label={label} htmlFor={id}>
      <div className={styles.line}>
        {isWide ? (
          <div className={styles.main}>
            {box}
            {notes}
          </div>
        ) : (
          box
        )}
        {beside}
      </div>
      {!isWide && notes}
    </FieldRow>
  );
}

/** A titled part of a form. */
export function FormSection({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 className={styles.title} id={id}>
        {icon}
        {title}
      </h2>
      {children}
    </section>
  );
}
