/** Saves what a proxy has as a template of the site: everything but the place of its target. */
import Button from '@mui/material/Button';
import { type FormEvent, useId, useState } from 'react';
import type { ProxyView } from '../../../shared/status.ts';
import { settingsOf, templateText } from '../../../shared/template.ts';
import { failureOf } from '../../api/failure.ts';
import { announce } from '../../components/announcer.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/form-field.tsx';
import { proposeId } from '../../components/fresh-id.ts';
import { MayButton } from '../../components/may.tsx';
import { useTemplateCalls, useTemplates } from './template-calls.ts';
import styles from './template-dialog.module.css';

export function TemplateDialog({ view, onClose }: { view: ProxyView; onClose: () => void }) {
  const [name, setName] = useState(view.name.slice(0, 64));
  const [advice, setAdvice] = useState('');
  const [trouble, setTrouble] = useState('');
  const { create } = useTemplateCalls();
  const taken = new Set(useTemplates().map(({ template }) => template));
  const form = useId();
  const settings = settingsOf(view);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const template = proposeId(name.replaceAll('_', '-'), taken) || 'template';
    create.mutate(
      { template, name, advice, settings },
      {
        onSuccess: () => {
          announce(`Saved the template ${name}`);
          onClose();
        },
        onError: (thrown) => {
          const { message, next, issues } = failureOf(thrown);
          setTrouble(issues[0]?.message ?? `${message} ${next}`);
        },
      },
    );
  };
  return (
    <Dialog
      title="Save as template"
      onClose={onClose}
      foot={
        <>
          <MayButton
            may="templates.create"
            type="submit"
            form={form}
            size="large"
            variant="contained"
            color="primary"
            loading={create.isPending}
          >
            Save template
          </MayButton>
          <Button size="large" variant="text" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        Holds {templateText(settings)}, source port, limits and tags of {view.name}. Address, device and certificates
        are chosen anew in each proxy.
      </p>
      <form id={form} onSubmit={submit} className={styles.form} noValidate>
        <TextField
          label="Template name"
          autoFocus
          value={name}
          error={trouble || undefined}
          onChange={({ target }) => {
            setName(target.value);
            setTrouble('');
          }}
        />
        <TextField
          label="Advice"
          placeholder="Optional sentence for who uses it"
          value={advice}
          onChange={({ target }) => setAdvice(target.value)}
        />
      </form>
    </Dialog>
  );
}
