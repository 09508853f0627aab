/** Keeps what was captured of a connection under a name. */
import Button from '@mui/material/Button';
import { type FormEvent, useId, useState } from 'react';
import type { Pipe } from '../../../../shared/pipe.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { TextField } from '../../../components/form-field.tsx';
import styles from './records.module.css';
import { useKeep } from './use-records.ts';

export function KeepDialog({ pipe, onClose }: { pipe: Pipe; onClose: () => void }) {
  const [name, setName] = useState('');
  const form = useId();
  const keep = useKeep();
  const send = (event: FormEvent) => {
    event.preventDefault();
    keep.mutate({ pipe: pipe.pipe, name: name.trim() }, { onSettled: onClose });
  };
  return (
    <Dialog
      title="Keep this conversation"
      onClose={onClose}
      foot={
        <>
          <Button type="submit" form={form} variant="contained" color="primary" loading={keep.isPending}>
            Keep
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={form} className={styles.form} noValidate onSubmit={send}>
        <p>
          What was captured of {pipe.client} up to now stays on this gateway until somebody removes it, also after
          Sluice ends.
        </p>
        <TextField
          label="Name"
          autoFocus
          value={name}
          placeholder={`${pipe.proxy} ${pipe.client}`}
          onChange={({ target }) => setName(target.value)}
          inputProps={{ maxLength: 255 }}
        />
      </form>
    </Dialog>
  );
}
