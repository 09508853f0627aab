/** What a person chose for the desktop application. Applies at once; not there in a browser. */
import DesktopIcon from '@mui/icons-material/DesktopWindowsOutlined';
import Switch from '@mui/material/Switch';
import { useId } from 'react';
import { useChangeDesktop, useDesktop } from '../../api/desktop.ts';
import { FieldRow, FormSection } from '../../components/form-field.tsx';
import styles from './settings.module.css';

export function DesktopSection() {
  const desktop = useDesktop();
  const change = useChangeDesktop();
  if (!desktop) return null;
  const { startsAtLogin, notifies } = desktop.preferences;
  return (
    <FormSection icon={<DesktopIcon />} title="Desktop application">
      <Choice
        label="Start at login"
        isOn={startsAtLogin}
        text={startsAtLogin ? 'Starts in the tray when you log in' : 'Off. Start Sluice by hand'}
        onChange={(checked) => change.mutate({ startsAtLogin: checked })}
      />
      <Choice
        label="Notifications"
        isOn={notifies}
        text={
          notifies
            ? 'Tells of faults that last, and when they are over'
            : 'Off. Faults show in the window and tray only'
        }
        onChange={(checked) => change.mutate({ notifies: checked })}
      />
      <p className={styles.help}>Kept on this PC; applies at once.</p>
    </FormSection>
  );
}

interface ChoiceProps {
  label: string;
  isOn: boolean;
  text: string;
  onChange: (isOn: boolean) => void;
}

function Choice({ label, isOn, text, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <FieldRow label={label} htmlFor={id}>
      <div className={styles.switch}>
        <Switch
          checked={isOn}
          onChange={(_, checked) => onChange(checked)}
          slotProps={{ input: { id, 'aria-describedby': `${id}-help` } }}
        />
        <span id={`${id}-help`}>{text}</span>
      </div>
    </FieldRow>
  );
}
