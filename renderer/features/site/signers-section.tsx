/** Sites whose bundles a technician may apply, and the key of this one. */
import KeyIcon from '@mui/icons-material/KeyOutlined';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { SignerInput } from '../../../shared/site.ts';
import { useCall, useClient, useGateway } from '../../api/use-gateway.ts';
import { CopyLine } from '../../components/copy-line.tsx';
import { FormSection, TextField } from '../../components/form-field.tsx';
import { MayButton } from '../../components/may.tsx';
import styles from './site.module.css';
import { Trouble } from './trouble.tsx';

export function SignersSection() {
  const client = useClient();
  const queries = useQueryClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { data } = useQuery({
    queryKey: ['site', 'signers'],
    queryFn: () => client.site.signers(),
    enabled: isAnswering,
  });
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const again = () => void queries.invalidateQueries({ queryKey: ['site'] });
  const trust = useCall((gateway, signer: SignerInput) => gateway.site.trust(signer), { showsFailure: true });
  const distrust = useCall((gateway, fingerprint: string) => gateway.site.distrust({ fingerprint }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      setName('');
      setKey('');
      again();
    };
    trust.mutate({ name: name.trim(), key: key.trim() }, { onSuccess });
  };
  return (
    <FormSection icon={<KeyIcon />} title="Trusted sites">
      <p className={styles.lead}>
        A technician may apply bundles that these sites have signed. Compare the fingerprint with the one that the site
        shows.
      </p>
      {data?.own ? (
        <>
          <div className={styles.given}>
            <span>Key of this site</span>
            <CopyLine what="key of this site" text={data.own.key} />
          </div>
          <p className={`mono ${styles.fingerprint}`}>{data.own.fingerprint}</p>
        </>
      ) : (
        <p className={styles.lead}>The key of this site is made with its first bundle.</p>
      )}
      {data && data.trusted.length > 0 && (
        <ul className={styles.signers}>
          {data.trusted.map((one) => (
            <li key={one.fingerprint}>
              <div>
                <strong>{one.name}</strong>
                <p className={`mono ${styles.fingerprint}`}>{one.fingerprint}</p>
              </div>
              <MayButton
                may="site.distrust"
                aria-label={`Remove ${one.name}`}
                onClick={() => distrust.mutate(one.fingerprint, { onSettled: again })}
              >
                Remove
              </MayButton>
            </li>
          ))}
        </ul>
      )}
      <form className={styles.form} noValidate onSubmit={send}>
        <TextField label="Name of the site" value={name} onChange={({ target }) => setName(target.value)} />
        <TextField label="Its key" isMono value={key} onChange={({ target }) => setKey(target.value)} />
        <div>
          <MayButton
            may="site.trust"
            type="submit"
            loading={trust.isPending}
            disabled={name.trim() === '' || key.trim() === ''}
          >
            Trust this site
          </MayButton>
        </div>
        <Trouble thrown={trust.error} />
      </form>
    </FormSection>
  );
}
