/** Exports chosen parts as a sealed bundle, or plain proxies for HAProxy and nginx. */
import ExportIcon from '@mui/icons-material/FileDownloadOutlined';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import {
  type PlaceholderValues,
  placeholders,
  type SiteExport,
  type SiteExportInput,
  type SitePartName,
  siteParts,
} from '../../../shared/site.ts';
import { useCall } from '../../api/use-gateway.ts';
import { FieldRow, FormSection, TextField } from '../../components/form-field.tsx';
import { MayButton } from '../../components/may.tsx';
import { saveFile } from '../../components/save-file.ts';
import styles from './site.module.css';
import { Trouble } from './trouble.tsx';
import { partWords, placeholderWords } from './words.ts';

type Format = NonNullable<SiteExportInput['format']>;
const formats = { sluice: 'Sealed bundle', haproxy: 'HAProxy', nginx: 'nginx stream' } as const;

export function ExportSection() {
  const [format, setFormat] = useState<Format>('sluice');
  const [parts, setParts] = useState<readonly SitePartName[]>(siteParts);
  const [hasPasswords, setHasPasswords] = useState(false);
  const [left, setLeft] = useState<PlaceholderValues>({});
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const formatId = useId();
  const partsId = useId();
  const openId = useId();
  const queries = useQueryClient();
  const take = useCall((client, wish: SiteExportInput) => client.site.export(wish), { showsFailure: true });
  const isSealed = format === 'sluice';
  const send = (event: FormEvent) => {
    event.preventDefault();
    const why = isSealed ? refusalOf(passphrase, again) : undefined;
    setRefusal(why);
    if (why) return;
    const wish = isSealed
      ? {
          format,
          parts: siteParts.filter((one) => parts.includes(one)),
          passphrase,
          passwords: hasPasswords,
          placeholders: filledIn(left),
        }
      : { format };
    take.mutate(wish, {
      onSuccess: (made) => {
        save(made);
        setPassphrase('');
        setAgain('');
        // The key of this site is made with its first bundle.
        void queries.invalidateQueries({ queryKey: ['site'] });
      },
    });
  };
  return (
    <FormSection icon={<ExportIcon />} title="Export">
      <form className={styles.form} noValidate onSubmit={send}>
        <FieldRow label="Format" labelId={formatId}>
          <ToggleButtonGroup
            exclusive
            className={styles.group}
            aria-labelledby={formatId}
            value={format}
            onChange={(_, chosen: Format | null) => chosen && setFormat(chosen)}
          >
            {(Object.keys(formats) as Format[]).map((one) => (
              <ToggleButton key={one} value={one}>
                {formats[one]}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </FieldRow>
        {isSealed ? (
          <>
            <FieldRow label="Parts" labelId={partsId}>
              <fieldset className={styles.parts} aria-labelledby={partsId}>
                {siteParts.map((part) => (
                  <FormControlLabel
                    key={part}
                    label={partWords[part]}
                    control={
                      <Checkbox
                        checked={parts.includes(part)}
                        onChange={(_, isOn) => setParts(isOn ? [...parts, part] : parts.filter((one) => one !== part))}
                      />
                    }
                  />
                ))}
              </fieldset>
              {parts.includes('users') && (
                <FormControlLabel
                  className={styles.passwords}
                  label="Users keep their passwords, as hashes"
                  control={<Checkbox checked={hasPasswords} onChange={(_, isOn) => setHasPasswords(isOn)} />}
                />
              )}
            </FieldRow>
            <FieldRow label="Left open" labelId={openId}>
              <fieldset className={styles.open} aria-labelledby={openId}>
                {placeholders.map((name) => (
                  <TextField
                    key={name}
                    label={placeholderWords[name]}
                    value={left[name] ?? ''}
                    onChange={({ target }) => setLeft({ ...left, [name]: target.value })}
                  />
                ))}
              </fieldset>
              <p className={styles.small}>
                Where one of these values stands, the bundle has a gap that is asked for when it is imported.
              </p>
            </FieldRow>
            <TextField
              label="Passphrase"
              type="password"
              value={passphrase}
              onChange={({ target }) => setPassphrase(target.value)}
              error={refusal}
              help="At least 8 characters. Keys and sealed values are in the bundle: whoever has both can use them."
            />
            <TextField
              label="Passphrase again"
              type="password"
              value={again}
              onChange={({ target }) => setAgain(target.value)}
            />
          </>
        ) : (
          <p className={styles.lead}>
            Plain proxies only: what leads through devices, or is verified by a fingerprint, stays out and is named.
          </p>
        )}
        <div>
          <MayButton
            may="site.export"
            type="submit"
            variant="contained"
            color="primary"
            startIcon={<ExportIcon />}
            loading={take.isPending}
            disabled={isSealed && parts.length === 0}
          >
            Export
          </MayButton>
        </div>
        <Trouble thrown={take.error} />
        {take.data && (
          <div role="status">
            <p className={styles.lead}>
              Saved {take.data.items} {take.data.items === 1 ? 'item' : 'items'} as <bdi>{take.data.fileName}</bdi>.
            </p>
            <ul className={styles.notes}>
              {take.data.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </div>
        )}
      </form>
    </FormSection>
  );
}

const filledIn = (values: PlaceholderValues): PlaceholderValues =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])));

const save = ({ fileName, content }: SiteExport) => saveFile(fileName, content, 'application/octet-stream');

function refusalOf(passphrase: string, again: string): string | undefined {
  if (passphrase.length < 8) return 'Use at least 8 characters.';
  return passphrase === again ? undefined : 'The two passphrases differ.';
}
