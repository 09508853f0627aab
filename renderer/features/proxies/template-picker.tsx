/** Chooses the template that a new proxy begins with; those of the site can be renamed and removed here. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import EditIcon from '@mui/icons-material/EditOutlined';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import OutlinedInput from '@mui/material/OutlinedInput';
import { type FormEvent, useState } from 'react';
import { type TemplateView, templateText } from '../../../shared/template.ts';
import { Dialog } from '../../components/dialog.tsx';
import { MayButton } from '../../components/may.tsx';
import { SearchBox } from '../../components/search-box.tsx';
import { useTemplateCalls, useTemplates } from './template-calls.ts';
import styles from './template-picker.module.css';

interface TemplatePickerProps {
  onChoose: (template: TemplateView) => void;
  onClose: () => void;
}

export function TemplatePicker({ onChoose, onClose }: TemplatePickerProps) {
  const [text, setText] = useState('');
  const templates = useTemplates();
  const found = templates.filter((template) => fits(template, text));
  const groups = [
    { title: 'Of this site', list: found.filter(({ own }) => own) },
    { title: 'Of Sluice', list: found.filter(({ own }) => !own) },
  ];
  return (
    <Dialog
      title="Use a template"
      onClose={onClose}
      foot={
        <>
          <span className={styles.hint}>You choose the address and may change all else.</span>
          <span className="space" />
          <Button size="large" onClick={onClose}>
            Without a template
          </Button>
        </>
      }
    >
      <form
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = found;
          if (first && text.trim() !== '') onChoose(first);
        }}
      >
        <SearchBox
          label="Search by thing or port"
          text={text}
          onText={setText}
          autoFocus
          keys={{ shown: 'Enter', spoken: 'Enter' }}
          width={510}
        />
      </form>
      <section className={styles.groups} aria-label="Templates">
        {groups.map(
          ({ title, list }) =>
            list.length > 0 && (
              <section key={title} aria-label={title}>
                {templates.some(({ own }) => own) && <h3 className={styles.head}>{title}</h3>}
                <ul className={styles.list}>
                  {list.map((template) => (
                    <Entry key={template.template} template={template} onChoose={onChoose} />
                  ))}
                </ul>
              </section>
            ),
        )}
        {templates.length > 0 && found.length === 0 && <p className={styles.none}>No template fits “{text}”.</p>}
      </section>
    </Dialog>
  );
}

/** Every word that was typed occurs somewhere. */
function fits({ template, name, advice, settings }: TemplateView, text: string): boolean {
  const whole = `${template} ${name} ${advice} ${templateText(settings)}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}

function Entry({ template, onChoose }: { template: TemplateView; onChoose: (template: TemplateView) => void }) {
  const [asked, setAsked] = useState<'rename' | 'remove' | undefined>(undefined);
  const back = () => setAsked(undefined);
  const { name, advice, settings, own } = template;
  if (asked === 'rename') return <Rename template={template} onDone={back} />;
  if (asked === 'remove') return <Remove template={template} onDone={back} />;
  return (
    <li className={styles.entry}>
      <button type="button" className={styles.choose} onClick={() => onChoose(template)}>
        <span className={styles.name}>{name}</span>
        <span className={styles.port}>{templateText(settings)}</span>
        {advice !== '' && <span className={styles.advice}>{advice}</span>}
      </button>
      {own && (
        <span className={styles.tools}>
          <IconButton aria-label={`Rename ${name}`} onClick={() => setAsked('rename')}>
            <EditIcon />
          </IconButton>
          <IconButton aria-label={`Remove ${name}`} onClick={() => setAsked('remove')}>
            <RemoveIcon />
          </IconButton>
        </span>
      )}
    </li>
  );
}

function Remove({ template: { template, name }, onDone }: { template: TemplateView; onDone: () => void }) {
  const { remove } = useTemplateCalls();
  return (
    <li className={`${styles.entry} ${styles.rename}`}>
      <span className={styles.question}>
        Remove the template <b>{name}</b>? Proxies made from it stay.
      </span>
      <MayButton
        may="templates.remove"
        color="error"
        loading={remove.isPending}
        onClick={() => remove.mutate(template)}
      >
        Remove
      </MayButton>
      <Button autoFocus onClick={onDone}>
        Keep
      </Button>
    </li>
  );
}

function Rename({ template: { template, name }, onDone }: { template: TemplateView; onDone: () => void }) {
  const [text, setText] = useState(name);
  const { change } = useTemplateCalls();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ template, body: { name: text } }, { onSuccess: onDone });
  };
  return (
    <li className={styles.entry}>
      <form className={styles.rename} onSubmit={submit}>
        <OutlinedInput
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            onDone();
          }}
          inputProps={{ 'aria-label': `New name of ${name}`, maxLength: 64 }}
          fullWidth
        />
        <Button type="submit" variant="contained" color="primary" disabled={text.trim() === ''}>
          Rename
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </form>
    </li>
  );
}
