/** Asks for a plugin.json: as a file, dropped, or pasted. Nothing is made before the form that follows is saved. */
import FileIcon from '@mui/icons-material/UploadFileOutlined';
import Button from '@mui/material/Button';
import OutlinedInput from '@mui/material/OutlinedInput';
import { type FormEvent, useId, useRef, useState } from 'react';
import { FieldError } from '../../components/form-field.tsx';
import pageStyles from '../../components/form-page.module.css';
import { navigate } from '../../components/location.ts';
import { type PluginFile, readFile } from './file-values.ts';
import styles from './plugin-file-page.module.css';

interface PluginFilePageProps {
  account: string;
  onRead: (file: PluginFile) => void;
}

export function PluginFilePage({ account, onRead }: PluginFilePageProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = (content: string) => {
    const read = readFile(content, account);
    if ('file' in read) onRead(read.file);
    else setError(read.error);
  };
  const takeFile = (file: File | undefined) => {
    file?.text().then((content) => {
      setText(content);
      take(content);
    }, reportError);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take(text);
  };
  return (
    <form className={pageStyles.form} aria-label="Import plugin.json" noValidate onSubmit={submit}>
      <div className={`${pageStyles.body} ${styles.body}`}>
        <p className={styles.lead}>
          Each plugin of Thinger.io comes with a file <code>plugin.json</code>. Sluice reads from it what the service is
          called, its port, and the proxies that it brings. It shows them before anything is made, and runs nothing.
        </p>
        <div className={styles.line}>
          <Button size="large" autoFocus startIcon={<FileIcon />} onClick={() => input.current?.click()}>
            Choose a file…
          </Button>
          <input
            ref={input}
            type="file"
            accept=".json,application/json"
            aria-label="File plugin.json"
            tabIndex={-1}
            className="visually-hidden"
            onChange={(event) => {
              takeFile(event.target.files?.[0]);
              // The same file may be chosen again after it was mended.
              event.target.value = '';
            }}
          />
          <label htmlFor={id}>or paste its text, or drop it here</label>
        </div>
        <OutlinedInput
          id={id}
          className={styles.text ?? ''}
          multiline
          minRows={10}
          maxRows={18}
          value={text}
          error={error !== ''}
          placeholder={'{ "name": "node-red", "version": "1.0.0", … }'}
          inputProps={{
            className: 'mono',
            spellCheck: false,
            autoComplete: 'off',
            'aria-describedby': error ? `${id}-error` : undefined,
          }}
          onChange={(event) => {
            setText(event.target.value);
            setError('');
          }}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            const [file] = event.dataTransfer.files;
            if (!file) return;
            event.preventDefault();
            takeFile(file);
          }}
        />
        {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      </div>
      <div className={pageStyles.foot}>
        <Button type="submit" size="large" variant="contained" color="primary" disabled={text.trim() === ''}>
          Show what will be made
        </Button>
        <Button size="large" variant="text" onClick={() => navigate('/plugins')}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
