/** A place to drop a file at, or to choose one. */
import Button from '@mui/material/Button';
import { useId, useRef, useState } from 'react';
import { MAX_FILE_BYTES } from '../../../shared/site.ts';
import { FieldError, FieldHelp, FieldRow } from '../../components/form-field.tsx';
import styles from './site.module.css';

export function FileDrop({ name, onFile }: { name: string | undefined; onFile: (name: string, text: string) => void }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const read = async (file: File) => {
    setTrouble(undefined);
    if (file.size > MAX_FILE_BYTES) setTrouble('The file is larger than 900 KiB.');
    else onFile(file.name, await file.text());
  };
  const take = (file: File | undefined) => {
    if (file) read(file).catch(() => setTrouble('The file could not be read.'));
  };
  return (
    <FieldRow label="File" labelId={`${id}-label`}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same. */}
      <div
        className={styles.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <Button aria-describedby={`${id}-label ${id}-help`} onClick={() => input.current?.click()}>
          Choose a file…
        </Button>
        <bdi className={styles.chosenFile}>{name ?? 'or drop it here'}</bdi>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="File to import"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            // Chosen again, a file that was put right is read again.
            target.value = '';
            take(file);
          }}
        />
      </div>
      {trouble !== undefined && <FieldError id={`${id}-error`}>{trouble}</FieldError>}
      <FieldHelp id={`${id}-help`}>
        A bundle of Sluice, proxies of Thinger.io, plugin.json, frpc.toml, nginx, HAProxy, or what netsh portproxy
        prints.
      </FieldHelp>
    </FieldRow>
  );
}
