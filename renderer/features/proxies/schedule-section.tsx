/** Form part "Schedule": closed at first, with what it says in short. */
import ClosedIcon from '@mui/icons-material/ChevronRight';
import OpenIcon from '@mui/icons-material/KeyboardArrowDown';
import Switch from '@mui/material/Switch';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useId } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { type Day, schedule, scheduleText, weekDays } from '../../../shared/schedule.ts';
import { FieldError, FieldRow } from '../../components/form-field.tsx';
import { FormText } from './form-text.tsx';
import { type FormValues, scheduleFields, scheduleOf } from './form-values.ts';
import styles from './limits-section.module.css';

const dayText: Record<Day, string> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

export function ScheduleSection({ isOpen, onOpen }: { isOpen: boolean; onOpen: (isOpen: boolean) => void }) {
  const { control, formState } = useFormContext<FormValues>();
  const values = useWatch<FormValues>({ control }) as FormValues;
  const { field } = useController<FormValues, 'hasSchedule'>({ name: 'hasSchedule' });
  const id = useId();
  const hasError = scheduleFields.some((name) => formState.errors[name]);
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => onOpen(!isOpen)}>
          {isOpen ? <OpenIcon /> : <ClosedIcon />}
          Schedule
          <span className={hasError ? styles.wrong : styles.summary}>
            {hasError ? 'a value here cannot be used' : summary(values)}
          </span>
        </button>
      </h2>
      {isOpen && (
        <div className={styles.fields} id={id}>
          <FieldRow label="Open by the clock" htmlFor={`${id}-on`}>
            <div className={styles.clock}>
              <Switch
                checked={field.value}
                onChange={(_, checked) => field.onChange(checked)}
                slotProps={{ input: { id: `${id}-on`, 'aria-describedby': `${id}-help` } }}
              />
              <span id={`${id}-help`}>
                {field.value
                  ? 'By the clock of the gateway. Its switch wins until the next change.'
                  : 'Open and closed by its switch alone'}
              </span>
            </div>
          </FieldRow>
          {field.value && (
            <>
              <Days />
              <FormText
                name="scheduleFrom"
                label="From"
                placeholder="08:00"
                isMono
                width={96}
                beside={<FormText name="scheduleTo" label="To" placeholder="17:00" isMono isBeside />}
                help="A time before the first is one of the next day."
              />
            </>
          )}
        </div>
      )}
    </section>
  );
}

function Days() {
  const { field, fieldState } = useController<FormValues, 'scheduleDays'>({ name: 'scheduleDays' });
  const id = useId();
  return (
    <FieldRow label="Days" labelId={id}>
      <ToggleButtonGroup
        aria-labelledby={id}
        value={field.value.split(' ')}
        onChange={(_, chosen: string[]) => field.onChange(chosen.filter(Boolean).join(' '))}
      >
        {weekDays.map((day, index) => (
          <ToggleButton key={day} value={day} {...(index === 0 && { ref: field.ref })}>
            {dayText[day]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {fieldState.error && <FieldError id={`${id}-error`}>{fieldState.error.message}</FieldError>}
    </FieldRow>
  );
}

function summary(values: FormValues): string {
  if (!values.hasSchedule) return 'open and closed by its switch alone';
  const checked = schedule.safeParse(scheduleOf(values));
  return checked.success ? `open ${scheduleText(checked.data)}` : 'not complete yet';
}
