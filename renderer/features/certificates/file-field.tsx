/** A file to choose, read at once; what it holds goes on as the gateway takes it. */
import Button from '@mui/material/Button';
import { useId, useRef, useState } from 'react';
import { MAX_IMPORT_BYTES } from '../../../shared/certificate.ts';
import { FieldError, FieldHelp, FieldRow } from '../../components/form-field.tsx';
import styles from './certificates.module.css';
import { readForGateway } from './files.ts';

interface FileFieldProps {
  label: string;
  help: string;
  error: string | undefined;
  onFile: (content: string, name: string) => void;
}

export function FileField({ label, help, error, onFile }: FileFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState('');
  const [trouble, setTrouble] = useState<string>();
  const read = async (file: File) => {
    setName(file.name);
    setTrouble(undefined);
    // The one before must not go out under the name of this one.
    onFile('', '');
    if (file.size > MAX_IMPORT_BYTES) setTrouble('The file is larger than 512 KiB.');
    else onFile(await readForGateway(file), file.name);
  };
  const refusal = trouble ?? error;
  return (
    <FieldRow label={label} labelId={`${id}-label`}>
      <div className={styles.file}>
        <Button aria-describedby={`${id}-label ${id}-help`} onClick={() => input.current?.click()}>
          Choose a file…
        </Button>
        <bdi className={styles.chosen}>{name || 'no file yet'}</bdi>
        <input
          ref={input}
          id={id}
          type="file"
          hidden
          aria-label={label}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            // Chosen again, a file that was put right is read again.
            target.value = '';
            if (file) read(file).catch(() => setTrouble('The file could not be read.'));
          }}
        />
      </div>
      {refusal !== undefined && <FieldError id={`${id}-error`}>{refusal}</FieldError>}
      <FieldHelp id={`${id}-help`}>{help}</FieldHelp>
    </FieldRow>
  );
}
