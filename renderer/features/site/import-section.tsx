/** Imports a bundle or a file of another program: chosen, compared, applied, and taken back. */
import ImportIcon from '@mui/icons-material/FileUploadOutlined';
import Button from '@mui/material/Button';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { PlaceholderValues, SiteApplied, SiteComparison, SiteImportInput } from '../../../shared/site.ts';
import { useCall } from '../../api/use-gateway.ts';
import { FieldRow, FormSection, TextField } from '../../components/form-field.tsx';
import { AppliedNote } from './applied-note.tsx';
import { ComparisonView } from './comparison-view.tsx';
import { FileDrop } from './file-drop.tsx';
import { LastImport } from './last-import.tsx';
import styles from './site.module.css';
import { Trouble } from './trouble.tsx';
import { isSealed } from './words.ts';

interface ChosenFile {
  readonly name: string;
  readonly text: string;
}
type Mode = NonNullable<SiteImportInput['mode']>;

export function ImportSection() {
  const [file, setFile] = useState<ChosenFile>();
  const [passphrase, setPassphrase] = useState('');
  const [mode, setMode] = useState<Mode>('merge');
  const [values, setValues] = useState<PlaceholderValues>({});
  const [comparison, setComparison] = useState<SiteComparison>();
  const [applied, setApplied] = useState<SiteApplied>();
  const modeId = useId();
  const queries = useQueryClient();
  const look = useCall((client, body: SiteImportInput) => client.site.import({ query: { dryRun: 'true' }, body }), {
    showsFailure: true,
  });
  const take = useCall((client, body: SiteImportInput) => client.site.import({ query: { dryRun: 'false' }, body }), {
    showsFailure: true,
  });
  const startOver = () => {
    setFile(undefined);
    setPassphrase('');
    setValues({});
    setComparison(undefined);
    look.reset();
    take.reset();
  };
  const choose = (name: string, text: string) => {
    startOver();
    setApplied(undefined);
    setFile({ name, text });
  };
  const body = (): SiteImportInput => ({
    content: file?.text ?? '',
    mode,
    values,
    ...(passphrase !== '' && { passphrase }),
  });
  const compare = (event?: FormEvent) => {
    event?.preventDefault();
    take.reset();
    look.mutate(body(), { onSuccess: (found) => setComparison(found.comparison) });
  };
  const apply = (chosen: readonly string[]) => {
    const wish = { ...body(), chosen: [...chosen], comparison: comparison?.comparison };
    take.mutate(wish, {
      onSuccess: (done) => {
        startOver();
        setApplied(done.applied ?? undefined);
        void queries.invalidateQueries({ queryKey: ['site'] });
      },
    });
  };
  return (
    <FormSection icon={<ImportIcon />} title="Import">
      <LastImport onUndone={() => setApplied(undefined)} />
      {applied && <AppliedNote applied={applied} />}
      <form className={styles.form} noValidate onSubmit={compare}>
        <FileDrop name={file?.name} onFile={choose} />
        {file && isSealed(file.text) && (
          <TextField
            label="Passphrase"
            type="password"
            autoFocus
            value={passphrase}
            onChange={({ target }) => {
              setPassphrase(target.value);
              setComparison(undefined);
            }}
          />
        )}
        {file && (
          <FieldRow label="How" labelId={modeId}>
            <ToggleButtonGroup
              exclusive
              className={styles.group}
              aria-labelledby={modeId}
              value={mode}
              onChange={(_, chosen: Mode | null) => {
                if (chosen) setMode(chosen);
                setComparison(undefined);
              }}
            >
              <ToggleButton value="merge">Merge</ToggleButton>
              <ToggleButton value="replace">Replace these parts</ToggleButton>
            </ToggleButtonGroup>
          </FieldRow>
        )}
        {file && !comparison && (
          <div className={styles.buttons}>
            <Button type="submit" variant="contained" color="primary" loading={look.isPending}>
              Compare
            </Button>
            <Button onClick={startOver}>Start over</Button>
          </div>
        )}
        <Trouble thrown={look.error} />
      </form>
      {comparison && (
        <ComparisonView
          key={comparison.comparison}
          comparison={comparison}
          values={values}
          isApplying={take.isPending}
          onValues={setValues}
          onCompare={() => compare()}
          onApply={apply}
          onStartOver={startOver}
        />
      )}
      <Trouble thrown={take.error} />
    </FormSection>
  );
}
