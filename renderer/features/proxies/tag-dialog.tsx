/** Gives tags to proxies and takes them away: a tag that only some of them have stays as it is until it is pressed. */
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import { type FormEvent, useId, useState } from 'react';
import type { ProxyView } from '../../../shared/status.ts';
import { tags as tagList, tagsInUse, tagsOf } from '../../../shared/tag.ts';
import { useReader } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/form-field.tsx';
import { counted } from '../../components/format.ts';
import type { BulkWork } from './bulk.ts';
import styles from './tag-dialog.module.css';

interface TagDialogProps {
  views: readonly ProxyView[];
  onClose: () => void;
  onWork: (work: BulkWork) => void;
}

export function TagDialog({ views, onClose, onWork }: TagDialogProps) {
  const read = useReader();
  const [known] = useState(() => tagsInUse(read().proxies.values()));
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [typed, setTyped] = useState('');
  const [error, setError] = useState('');
  const form = useId();
  const having = (tag: string): number => views.filter((view) => view.tags?.includes(tag)).length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const checked = tagList.safeParse(tagsOf(typed));
    if (!checked.success) return setError(checked.error.issues[0]?.message ?? '');
    const added = [...checked.data, ...[...chosen].filter(([, isWanted]) => isWanted).map(([tag]) => tag)];
    const taken = [...chosen].filter(([, isWanted]) => !isWanted).map(([tag]) => tag);
    onWork({
      done: 'tagged',
      views,
      isNeeded: (view) => retagged(view, added, taken).join() !== (view.tags ?? []).join(),
      each: (client, view) =>
        client.proxies.update({ params: { proxy: view.proxy }, body: { tags: retagged(view, added, taken) } }),
    });
    onClose();
  };
  return (
    <Dialog
      title={`Tags of ${views.length === 1 ? views[0]?.name : counted(views.length, 'proxy', 'proxies')}`}
      onClose={onClose}
      foot={
        <>
          <Button type="submit" form={form} size="large" variant="contained" color="primary">
            Save tags
          </Button>
          <Button size="large" variant="text" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className={styles.form} noValidate>
        {known.length > 0 && (
          <ul className={styles.list} aria-label="Tags in use">
            {known.map((tag) => {
              const count = having(tag);
              const isOn = chosen.get(tag) ?? count === views.length;
              return (
                <li key={tag}>
                  <label htmlFor={`${form}-${tag}`}>
                    <Checkbox
                      slotProps={{ input: { id: `${form}-${tag}` } }}
                      checked={isOn}
                      indeterminate={!chosen.has(tag) && count > 0 && count < views.length}
                      onChange={() => setChosen(new Map(chosen).set(tag, !isOn))}
                    />
                    {tag}
                  </label>
                </li>
              );
            })}
          </ul>
        )}
        <TextField
          label="New tags"
          autoFocus
          placeholder="water hall-2"
          value={typed}
          error={error || undefined}
          help="Short words, with spaces between."
          onChange={({ target }) => {
            setTyped(target.value);
            setError('');
          }}
        />
      </form>
    </Dialog>
  );
}

function retagged({ tags = [] }: ProxyView, added: readonly string[], taken: readonly string[]): string[] {
  const kept = tags.filter((tag) => !taken.includes(tag));
  const isNew = (tag: string): boolean => !kept.some((one) => one.toLowerCase() === tag.toLowerCase());
  return [...kept, ...added.filter((tag, index) => isNew(tag) && added.indexOf(tag) === index)];
}
