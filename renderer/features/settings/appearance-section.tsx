/** Theme and density. They belong to this browser or this desktop and apply at once. */
import AppearanceIcon from '@mui/icons-material/LightModeOutlined';
import Switch from '@mui/material/Switch';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useId } from 'react';
import { isOnDesktop } from '../../api/host.ts';
import { appearance, type ThemeChoice, themeChoices, themeText } from '../../components/appearance.ts';
import { FieldRow, FormSection } from '../../components/form-field.tsx';
import styles from './settings.module.css';

export function Appearance() {
  const { theme, isTouch } = appearance.use();
  const id = useId();
  return (
    <FormSection icon={<AppearanceIcon />} title="Appearance">
      <FieldRow label="Theme" labelId={`${id}-theme`}>
        <ToggleButtonGroup
          exclusive
          aria-labelledby={`${id}-theme`}
          className={styles.group}
          value={theme}
          onChange={(_, choice: ThemeChoice | null) => choice && appearance.set({ theme: choice })}
        >
          {themeChoices.map((choice) => (
            <ToggleButton key={choice} value={choice}>
              {themeText[choice]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </FieldRow>
      <FieldRow label="Touch mode" htmlFor={`${id}-touch`}>
        <div className={styles.switch}>
          <Switch
            checked={isTouch}
            onChange={(_, checked) => appearance.set({ isTouch: checked })}
            slotProps={{ input: { id: `${id}-touch`, 'aria-describedby': `${id}-help` } }}
          />
          <span id={`${id}-help`}>Larger rows and buttons, and Stop all is held for one second</span>
        </div>
      </FieldRow>
      <p className={styles.help}>Kept {isOnDesktop() ? 'on this PC' : 'in this browser'}; applies at once.</p>
    </FormSection>
  );
}
