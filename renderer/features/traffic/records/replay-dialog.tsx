/** Sends what a client said once more, and shows where the answers differ from those of then. */
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import Switch from '@mui/material/Switch';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { type FormEvent, useId, useState } from 'react';
import type { ReplayAnswer, ReplayWish } from '../../../../shared/capture.ts';
import type { Pipe } from '../../../../shared/pipe.ts';
import { failureOf } from '../../../api/failure.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { FieldRow, TextField } from '../../../components/form-field.tsx';
import { counted, formatBytes } from '../../../components/format.ts';
import styles from './records.module.css';
import { useReplay } from './use-records.ts';

type Place = 'proxy' | 'other';

export function ReplayDialog({ pipe, onClose }: { pipe: Pipe; onClose: () => void }) {
  const [place, setPlace] = useState<Place>('proxy');
  const [host, setHost] = useState('');
  const [port, setPort] = useState('');
  const [secure, setSecure] = useState(false);
  const [pace, setPace] = useState<ReplayWish['pace']>('answers');
  const form = useId();
  const placeId = useId();
  const paceId = useId();
  const replay = useReplay();
  const failure = replay.error && failureOf(replay.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const to = place === 'other' ? { host: host.trim(), port: Number(port), secure } : {};
    replay.mutate({ pipe: pipe.pipe, pace, ...to });
  };
  return (
    <Dialog
      title="Send this conversation again"
      onClose={onClose}
      foot={
        <>
          <Button type="submit" form={form} variant="contained" color="primary" loading={replay.isPending}>
            {replay.data ? 'Send once more' : 'Send'}
          </Button>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <form id={form} className={styles.form} noValidate onSubmit={send}>
        <p>
          Every byte that {pipe.client} sent goes out again, writes and commands too. The answers are compared with
          those of then.
        </p>
        <FieldRow label="To" labelId={placeId}>
          <ToggleButtonGroup
            exclusive
            aria-labelledby={placeId}
            value={place}
            onChange={(_, chosen: Place | null) => chosen && setPlace(chosen)}
          >
            <ToggleButton value="proxy">The proxy {pipe.proxy}</ToggleButton>
            <ToggleButton value="other">Another place</ToggleButton>
          </ToggleButtonGroup>
        </FieldRow>
        {place === 'other' && (
          <>
            <TextField label="Address" isMono value={host} onChange={({ target }) => setHost(target.value)} />
            <TextField label="Port" isMono width={120} value={port} onChange={({ target }) => setPort(target.value)} />
            <FieldRow label="SSL/TLS">
              <FormControlLabel
                sx={{ gap: '8px', ml: 0 }}
                control={<Switch checked={secure} onChange={(_, isOn) => setSecure(isOn)} />}
                label="With SSL/TLS; the certificate is not looked at"
              />
            </FieldRow>
          </>
        )}
        <FieldRow label="Pace" labelId={paceId}>
          <ToggleButtonGroup
            exclusive
            aria-labelledby={paceId}
            value={pace}
            onChange={(_, chosen: ReplayWish['pace'] | null) => chosen && setPace(chosen)}
          >
            <ToggleButton value="answers">As the answers come</ToggleButton>
            <ToggleButton value="recorded">As it was</ToggleButton>
          </ToggleButtonGroup>
        </FieldRow>
        <div role="status">
          {replay.isPending && <p>Sending…</p>}
          {replay.data && !replay.isPending && <Result result={replay.data} />}
        </div>
        {failure && !replay.isPending && (
          <p className={styles.trouble} role="alert">
            {failure.issues[0]?.message ?? failure.message} {failure.next}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function Result({ result }: { result: ReplayAnswer }) {
  const { sent, answered, equal, firstDifference, missing, surplus, ms } = result;
  const amounts = `Sent ${formatBytes(sent)}, got ${formatBytes(answered)} back in ${Math.round(ms)} ms.`;
  if (equal)
    return (
      <p className={styles.same}>
        <b>The same answers.</b> {amounts}
      </p>
    );
  return (
    <div className={styles.other}>
      <p>
        <b>Other answers.</b> {amounts}
      </p>
      {firstDifference && (
        <dl className={styles.bytes}>
          <dt>From byte {firstDifference.offset}</dt>
          <dd>
            then <code>{spaced(firstDifference.expected) || 'nothing'}</code>
          </dd>
          <dd>
            now <code>{spaced(firstDifference.got) || 'nothing'}</code>
          </dd>
        </dl>
      )}
      {missing > 0 && <p>{counted(missing, 'byte')} fewer than then.</p>}
      {surplus > 0 && <p>{counted(surplus, 'byte')} more than then.</p>}
    </div>
  );
}

/** Hex in bytes. */
const spaced = (hex: string): string => hex.replace(/(..)(?=.)/g, '$1 ');
