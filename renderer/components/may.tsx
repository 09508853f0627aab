/** Controls that some may not use: they stay in sight with a lock, say why, and offer to unlock. */
import LockIcon from '@mui/icons-material/LockOutlined';
import Button, { type ButtonProps } from '@mui/material/Button';
import MenuItem, { type MenuItemProps } from '@mui/material/MenuItem';
import Switch, { type SwitchProps } from '@mui/material/Switch';
import { useSyncExternalStore } from 'react';
import { type ProcedureName, useRefusal } from '../api/session.ts';

let wish: string | undefined;
const listeners = new Set<() => void>();

/** Asks to unlock, and says for what; undefined when that was answered. */
export function wishUnlock(reason: string | undefined): void {
  wish = reason;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useUnlockWish(): string | undefined {
  return useSyncExternalStore(subscribe, () => wish);
}

interface May {
  /** The procedure of the contract that the control leads to. */
  may: ProcedureName;
}

export function MayButton({ may, ...props }: ButtonProps & May) {
  const reason = useRefusal(may);
  if (reason === undefined) return <Button {...props} />;
  const { children, size, fullWidth, className, 'aria-label': label } = props;
  return (
    <Button
      {...{ size, fullWidth, className }}
      aria-label={label}
      startIcon={<LockIcon />}
      title={`${reason} Unlock…`}
      sx={{ borderStyle: 'dashed', color: 'var(--ink2)' }}
      onClick={() => wishUnlock(reason)}
    >
      {children}
    </Button>
  );
}

export function MayItem({ may, children, onClick, className, ...props }: MenuItemProps & May) {
  const reason = useRefusal(may);
  if (reason === undefined) {
    return (
      <MenuItem {...props} {...(className && { className })} onClick={onClick}>
        {children}
      </MenuItem>
    );
  }
  return (
    <MenuItem {...props} title={`${reason} Unlock…`} sx={{ color: 'var(--ink2)' }} onClick={() => wishUnlock(reason)}>
      {children}
      <LockIcon titleAccess="Locked" />
    </MenuItem>
  );
}

export function MaySwitch({ may, onChange, ...props }: SwitchProps & May) {
  const reason = useRefusal(may);
  const isMine = reason === undefined;
  return (
    <Switch
      {...props}
      {...(!isMine && { title: `${reason} Unlock…` })}
      onChange={(event, checked) => (isMine ? onChange?.(event, checked) : wishUnlock(reason))}
    />
  );
}
