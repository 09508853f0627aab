/** Asks for how long a proxy is to be open. */
import TimerIcon from '@mui/icons-material/TimerOutlined';
import Button from '@mui/material/Button';
import OutlinedInput from '@mui/material/OutlinedInput';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { LeaseWish } from '../../../shared/lease.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { useClock } from '../../api/clock.ts';
import { failureOf } from '../../api/failure.ts';
import { Dialog } from '../../components/dialog.tsx';
import { FieldError } from '../../components/form-field.tsx';
import { formatTime } from '../../components/format.ts';
import { momentText } from '../../components/lease-text.ts';
import { useOpenFor } from './lease-calls.ts';
import styles from './lease-dialog.module.css';
import { nextTime } from './next-time.ts';

const lengths = [
  { value: '30', text: '30 minutes' },
  { value: '60', text: '1 hour' },
  { value: '480', text: '8 hours' },
] as const;
const MINUTE_MS = 60_000;

export function LeaseDialog({ view, onClose }: { view: ProxyView; onClose: () => void }) {
  const [choice, setChoice] = useState<string>('30');
  const [time, setTime] = useState(() => formatTime(Date.now() + 60 * MINUTE_MS));
  const [trouble, setTrouble] = useState('');
  const open = useOpenFor({ showsFailure: true });
  const form = useId();
  const choose = (value: string) => {
    setChoice(value);
    setTrouble('');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = nextTime(time, Date.now());
    if (choice === 'until' && until === undefined) return setTrouble('Use a time such as 14:30.');
    const wish: LeaseWish =
      choice === 'until' ? { until } : choice === 'client' ? { untilClientLeaves: true } : { minutes: Number(choice) };
    open.mutate(
      { proxy: view.proxy, wish },
      {
        onSuccess: onClose,
        onError: (thrown) => {
          const { message, next, issues } = failureOf(thrown);
          setTrouble(issues[0]?.message ?? `${message} ${next}`);
        },
      },
    );
  };
  return (
    <Dialog
      title={`Open ${view.name} for a time`}
      onClose={onClose}
      foot={
        <>
          <Button
            type="submit"
            form={form}
            size="large"
            variant="contained"
            color="primary"
            startIcon={<TimerIcon />}
            loading={open.isPending}
            loadingPosition="start"
          >
            Open
          </Button>
          <Button size="large" variant="text" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        {view.enabled
          ? 'It is open now. When the time is over, its port and its connections are closed.'
          : 'When the time is over, its port and its connections are closed again.'}
      </p>
      <form id={form} onSubmit={submit} className={styles.form} noValidate>
        <div role="radiogroup" aria-label="For how long">
          {lengths.map(({ value, text }) => (
            <Choice key={value} value={value} chosen={choice} onChoose={choose} text={text}>
              <Until ms={Number(value) * MINUTE_MS} />
            </Choice>
          ))}
          <Choice value="until" chosen={choice} onChoose={choose} text="Until">
            <OutlinedInput
              value={time}
              error={choice === 'until' && trouble !== ''}
              onFocus={() => choose('until')}
              onChange={({ target }) => {
                setTime(target.value);
                choose('until');
              }}
              inputProps={{ 'aria-label': 'Time of day', className: 'mono', autoComplete: 'off', maxLength: 5 }}
              sx={{ width: 104, mr: '10px' }}
            />
            <NextTime time={time} />
          </Choice>
          <Choice value="client" chosen={choice} onChoose={choose} text="Until the client leaves">
            <span>or 30 minutes, if no client comes</span>
          </Choice>
        </div>
        {trouble && <FieldError id={`${form}-error`}>{trouble}</FieldError>}
      </form>
    </Dialog>
  );
}

interface ChoiceProps {
  value: string;
  text: string;
  chosen: string;
  onChoose: (value: string) => void;
  children?: ReactNode;
}

function Choice({ value, text, chosen, onChoose, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.choice}>
      <input type="radio" id={id} name="length" checked={chosen === value} onChange={() => onChoose(value)} />
      <label htmlFor={id}>{text}</label>
      <span className={styles.more}>{children}</span>
    </div>
  );
}

function Until({ ms }: { ms: number }) {
  return <span>until {useClock((now) => momentText(now + ms, now))}</span>;
}

/** A time that has passed today is one of tomorrow: that has to be seen. */
function NextTime({ time }: { time: string }) {
  const said = useClock((now) => {
    const at = nextTime(time, now);
    return at === undefined ? '' : momentText(at, now);
  });
  return said && `closes ${said}`;
}
