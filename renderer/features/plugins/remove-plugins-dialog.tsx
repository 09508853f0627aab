/** Asks before plugins are removed for good. One that proxies lead to stays, and the proxies are named. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import Button from '@mui/material/Button';
import OutlinedInput from '@mui/material/OutlinedInput';
import { type FormEvent, useId, useState } from 'react';
import { pluginLabel } from '../../../shared/name.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import { PluginState } from '../../components/plugin-state.tsx';
import styles from '../../components/remove-dialog.module.css';
import { isProgram, useRemovePlugins } from './plugin-calls.ts';
import { proxiesTo } from './plugin-list.ts';

/** More than this many have to be confirmed by typing their count. */
const MOST_WITHOUT_COUNT = 5;

interface RemovePluginsDialogProps {
  labels: readonly string[];
  onClose: () => void;
  onRemoved?: () => void;
}

export function RemovePluginsDialog({ labels, onClose, onRemoved }: RemovePluginsDialogProps) {
  const plugins = useGateway((snapshot) => snapshot.plugins);
  const proxies = useGateway((snapshot) => snapshot.proxies);
  const all = labels
    .flatMap((label) => plugins.get(label) ?? [])
    .map((view) => ({ view, users: proxiesTo(proxies.values(), view).map(({ name }) => name) }));
  const free = all.filter(({ users }) => users.length === 0).map(({ view }) => view);
  const [typed, setTyped] = useState('');
  const remove = useRemovePlugins();
  const countId = useId();
  const formId = useId();
  const count = free.length;
  const hasToType = count > MOST_WITHOUT_COUNT;
  const canRemove = count > 0 && (!hasToType || typed.trim() === String(count)) && !remove.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canRemove) remove.mutate(free, { onSuccess: () => onRemoved?.(), onSettled: onClose });
  };
  const [first] = all;
  return (
    <Dialog
      title={
        all.length === 1 && first ? `Remove ${first.view.name}?` : `Remove ${countText(count, all.length)} plugins?`
      }
      onClose={onClose}
      foot={
        <>
          <Button
            type="submit"
            form={formId}
            size="large"
            color={canRemove ? 'error' : 'inherit'}
            disabled={!canRemove}
            startIcon={<RemoveIcon />}
          >
            Remove {all.length > 1 && count > 0 && count}
          </Button>
          <span className="space" />
          <Button size="large" variant="contained" color="primary" autoFocus onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        {count > 0 && 'This cannot be restored. '}
        {free.some(isProgram) && 'Programs are stopped, and their secret values are forgotten. '}
        {count < all.length && (
          <b>
            {count === 0 && all.length === 1 ? 'Proxies lead to it. ' : 'Those that proxies lead to stay. '}
            Remove these proxies first, or give them another target.
          </b>
        )}
      </p>
      <form id={formId} onSubmit={submit} className={hasToType ? styles.count : undefined}>
        {hasToType && (
          <>
            <label htmlFor={countId}>
              To remove them, type <b>{count}</b>
            </label>
            <OutlinedInput
              id={countId}
              value={typed}
              placeholder={String(count)}
              onChange={(event) => setTyped(event.target.value)}
              inputProps={{ inputMode: 'numeric', autoComplete: 'off' }}
              sx={{ width: 72 }}
            />
          </>
        )}
      </form>
      <ul className={styles.list}>
        {all.map(({ view, users }) => (
          <li key={pluginLabel(view)}>
            <span className={styles.state}>
              <PluginState view={view} hasWord />
            </span>
            <span className={styles.name}>
              <b>
                <bdi>{view.name}</bdi>
              </b>
              <code>{pluginLabel(view)}</code>
              <span className={styles.use}>
                {users.length === 0 ? 'No proxy leads to it' : `Target of ${listed(users)}`}
              </span>
            </span>
            <span>{users.length > 0 && 'stays'}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const countText = (free: number, all: number): string => (free === 0 || free === all ? `${all}` : `${free} of ${all}`);

const MOST_NAMED = 4;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
