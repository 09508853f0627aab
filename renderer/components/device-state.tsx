/** The state of a device as shape, word and colour. */
import CircleIcon from '@mui/icons-material/Circle';
import ContrastIcon from '@mui/icons-material/Contrast';
import WaitingIcon from '@mui/icons-material/HourglassEmptyOutlined';
import OfflineIcon from '@mui/icons-material/RadioButtonUnchecked';
import StopIcon from '@mui/icons-material/Stop';
import type { ComponentType } from 'react';
import type { DeviceView } from '../../shared/device.ts';
import styles from './device-state.module.css';
import { deviceState, deviceStateText, type ShownDeviceState } from './shown-device-state.ts';

const icons: Record<ShownDeviceState, ComponentType<{ className?: string; titleAccess?: string }>> = {
  limited: ContrastIcon,
  online: CircleIcon,
  offline: OfflineIcon,
  never: WaitingIcon,
  disabled: StopIcon,
};

/** @param hasWord without it the word is only for screen readers and hovering */
export function DeviceState({ view, hasWord }: { view: DeviceView; hasWord?: boolean }) {
  const state = deviceState(view);
  const Icon = icons[state];
  const text = deviceStateText[state];
  return (
    <span className={`${styles.state} ${styles[state]}`}>
      {hasWord ? <Icon /> : <Icon titleAccess={text} />}
      {hasWord && text}
    </span>
  );
}
