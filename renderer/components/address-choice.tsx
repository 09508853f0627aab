/** Where ports open: this PC only, one network card, or all addresses. */
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { isLoopback, isWildcard } from '../../shared/address.ts';
import type { NetworkAddress } from '../../shared/contract/ports.ts';
import styles from './address-choice.module.css';

interface AddressChoiceProps {
  /** ID of the label. */
  labelledBy: string;
  cards: readonly NetworkAddress[];
  value: string;
  onChange: (address: string) => void;
  inputRef?: (element: HTMLElement | null) => void;
}

export function AddressChoice({ labelledBy, cards, value, onChange, inputRef }: AddressChoiceProps) {
  const isOther = !['127.0.0.1', '0.0.0.0', ...cards.map(({ address }) => address)].includes(value);
  return (
    <ToggleButtonGroup
      exclusive
      aria-labelledby={labelledBy}
      className={styles.group}
      value={value}
      onChange={(_, address: string | null) => address !== null && onChange(address)}
    >
      <ToggleButton value="127.0.0.1" ref={inputRef}>
        This PC only
      </ToggleButton>
      {cards.map(({ name, address }) => (
        <ToggleButton key={address} value={address}>
          {name} <code>{address}</code>
        </ToggleButton>
      ))}
      {isOther && (
        <ToggleButton value={value}>
          {isLoopback(value) || isWildcard(value) ? 'Other' : 'Not here now'} <code>{value}</code>
        </ToggleButton>
      )}
      <ToggleButton value="0.0.0.0">All addresses</ToggleButton>
    </ToggleButtonGroup>
  );
}
