/** One device in the table. Draws itself again only when its own device changes. */
import Checkbox from '@mui/material/Checkbox';
import { memo, useId } from 'react';
import { useGateway } from '../../api/use-gateway.ts';
import { DeviceCell } from './device-cell.tsx';
import { deviceColumns } from './device-list.ts';
import { DeviceMenu } from './device-menu.tsx';
import { DeviceSwitch } from './device-switch.tsx';
import styles from './device-table.module.css';

interface DeviceRowProps {
  label: string;
  isSelected: boolean;
  onToggle: (label: string) => void;
  onRemove: (label: string) => void;
  isNarrow: boolean;
}

export const DeviceRow = memo(function DeviceRow({ label, isSelected, onToggle, onRemove, isNarrow }: DeviceRowProps) {
  const view = useGateway(({ devices }) => devices.get(label));
  const id = useId();
  if (!view) return null;
  return (
    <tr data-device={label} aria-selected={isSelected} className={`${styles.row} ${view.enabled ? '' : styles.off}`}>
      <td className={styles.check}>
        <label className={styles.target} htmlFor={id}>
          <Checkbox
            checked={isSelected}
            onChange={() => onToggle(label)}
            slotProps={{ input: { id, 'aria-label': `Select ${view.name}` } }}
          />
        </label>
      </td>
      <td>
        <DeviceSwitch view={view} className={styles.target} />
      </td>
      {deviceColumns
        .filter((column) => !isNarrow || column.isNarrow)
        .map(({ id: column }) => (
          <DeviceCell key={column} id={column} view={view} isNarrow={isNarrow} />
        ))}
      <td className={styles.menu}>
        <DeviceMenu view={view} onRemove={() => onRemove(label)} />
      </td>
    </tr>
  );
});
