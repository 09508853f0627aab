/** One plugin in the table. Draws itself again only when its own plugin changes. */
import Checkbox from '@mui/material/Checkbox';
import { memo, useId } from 'react';
import { useGateway } from '../../api/use-gateway.ts';
import { isProgram } from './plugin-calls.ts';
import { PluginCell } from './plugin-cell.tsx';
import { pluginColumns } from './plugin-list.ts';
import { PluginMenu } from './plugin-menu.tsx';
import { PluginSwitch } from './plugin-switch.tsx';
import styles from './plugin-table.module.css';

interface PluginRowProps {
  label: string;
  isSelected: boolean;
  onToggle: (label: string) => void;
  onRemove: (label: string) => void;
  isNarrow: boolean;
}

export const PluginRow = memo(function PluginRow({ label, isSelected, onToggle, onRemove, isNarrow }: PluginRowProps) {
  const view = useGateway(({ plugins }) => plugins.get(label));
  const id = useId();
  if (!view) return null;
  return (
    <tr data-plugin={label} aria-selected={isSelected} className={styles.row}>
      <td className={styles.check}>
        <label className={styles.target} htmlFor={id}>
          <Checkbox
            checked={isSelected}
            onChange={() => onToggle(label)}
            slotProps={{ input: { id, 'aria-label': `Select ${view.name}` } }}
          />
        </label>
      </td>
      <td>{isProgram(view) && <PluginSwitch view={view} className={styles.target} />}</td>
      {pluginColumns
        .filter((column) => !isNarrow || column.isNarrow)
        .map(({ id: column }) => (
          <PluginCell key={column} id={column} view={view} isNarrow={isNarrow} />
        ))}
      <td className={styles.menu}>
        <PluginMenu view={view} onRemove={() => onRemove(label)} />
      </td>
    </tr>
  );
});
