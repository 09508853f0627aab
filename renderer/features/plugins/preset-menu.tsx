/** "Preset": fills name, ID and port of a well-known service in. */
import MoreIcon from '@mui/icons-material/KeyboardArrowDown';
import Button from '@mui/material/Button';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useId, useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { type PluginPreset, pluginPresets } from '../../../shared/plugin-presets.ts';
import { FieldRow } from '../../components/form-field.tsx';
import rowStyles from '../../components/row-menu.module.css';
import styles from './plugin-form.module.css';
import type { PluginValues } from './plugin-values.ts';

export function PresetMenu() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { setValue } = useFormContext<PluginValues>();
  const id = useId();
  const pick = ({ plugin, name, category, port }: PluginPreset) => {
    setAnchor(null);
    const change = { plugin, name, category, port: String(port) };
    for (const [field, value] of Object.entries(change) as [keyof typeof change, string][]) {
      setValue(field, value, { shouldDirty: true, shouldValidate: true });
    }
  };
  return (
    <FieldRow label="Preset" htmlFor={id}>
      <Button
        id={id}
        className={styles.preset ?? ''}
        endIcon={<MoreIcon />}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        Fill in a well-known service
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {pluginPresets.map((preset) => (
          <MenuItem key={preset.plugin} onClick={() => pick(preset)}>
            <span className={rowStyles.text}>{preset.name}</span>
            <span className={`mono ${styles.menuPort}`}>{preset.port}</span>
          </MenuItem>
        ))}
      </Menu>
    </FieldRow>
  );
}
