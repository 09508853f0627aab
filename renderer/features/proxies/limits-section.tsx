/** Form part "Limits and access": closed at first, with a summary of what it holds. */
import ClosedIcon from '@mui/icons-material/ChevronRight';
import OpenIcon from '@mui/icons-material/KeyboardArrowDown';
import { useId } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { transportsOf } from '../../../shared/proxy.ts';
import { FormText } from './form-text.tsx';
import { type FormValues, limitFields } from './form-values.ts';
import styles from './limits-section.module.css';
import { limitsSummary } from './limits-summary.ts';

export function LimitsSection({ isOpen, onOpen }: { isOpen: boolean; onOpen: (isOpen: boolean) => void }) {
  const { control, formState } = useFormContext<FormValues>();
  const values = useWatch<FormValues>({ control }) as FormValues;
  const id = useId();
  const transports = transportsOf(values.protocol);
  const hasError = limitFields.some((name) => formState.errors[name]);
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => onOpen(!isOpen)}>
          {isOpen ? <OpenIcon /> : <ClosedIcon />}
          Limits and access
          <span className={hasError ? styles.wrong : styles.summary}>
            {hasError ? 'a value here cannot be used' : limitsSummary(values)}
          </span>
        </button>
      </h2>
      {isOpen && (
        <div className={styles.fields} id={id}>
          <FormText
            name="allow"
            label="Allowed networks"
            placeholder="192.168.1.0/24"
            isMono
            isMultiline
            help="One a line; ! before one keeps it out. Empty: every client that reaches the listen address."
          />
          <FormText
            name="maxPipes"
            label="Connections at most"
            placeholder="–"
            isMono
            isNumber
            width={176}
            help="Empty: no limit."
          />
          {transports.includes('tcp') && (
            <>
              <FormText name="connectSeconds" label="Reach target within" unit="s" isMono isNumber width={176} />
              <FormText name="idleMinutes" label="Close when idle for" unit="min" isMono isNumber width={176} />
              <FormText
                name="halfClosedSeconds"
                label="Close half-open after"
                unit="s"
                isMono
                isNumber
                width={176}
                help="When one side has finished and nothing moves any more."
              />
            </>
          )}
          {values.protocol === 'tcp_iotmp' && (
            <FormText
              name="lingerSeconds"
              label="Wait for the answer"
              unit="s"
              isMono
              isNumber
              width={176}
              help="After the client has finished, with devices that cannot be told so."
            />
          )}
          {transports.includes('udp') && (
            <FormText name="udpIdleSeconds" label="Forget UDP client after" unit="s" isMono isNumber width={176} />
          )}
        </div>
      )}
    </section>
  );
}
