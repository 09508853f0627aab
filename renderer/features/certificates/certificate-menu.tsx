/** The ⋯ menu of a certificate, and the boxes that it opens. */

import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import SaveIcon from '@mui/icons-material/DownloadOutlined';
import DistrustIcon from '@mui/icons-material/GppBadOutlined';
import KeyIcon from '@mui/icons-material/KeyOutlined';
import MoreIcon from '@mui/icons-material/MoreVert';
import RenewIcon from '@mui/icons-material/Replay';
import ReplaceIcon from '@mui/icons-material/SwapHoriz';
import SignIcon from '@mui/icons-material/UploadFileOutlined';
import TrustIcon from '@mui/icons-material/VerifiedUserOutlined';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import { useState } from 'react';
import type { CertificateView } from '../../../shared/certificate.ts';
import type { ProcedureName } from '../../api/session.ts';
import { useCall } from '../../api/use-gateway.ts';
import { Dialog } from '../../components/dialog.tsx';
import { MayItem } from '../../components/may.tsx';
import styles from '../../components/row-menu.module.css';
import { ExportDialog } from './export-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { SignDialog } from './sign-dialog.tsx';
import { usersText } from './words.ts';

type Box = 'export' | 'key' | 'sign' | 'replace' | 'remove';

export function CertificateMenu({ view }: { view: CertificateView }) {
  const { certificate, name, kind, origin, hasKey, isTrusted } = view;
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [box, setBox] = useState<Box>();
  const renew = useCall((client, _: undefined) => client.certificates.renew({ certificate }));
  const trust = useCall((client, wanted: boolean) =>
    client.certificates.update({ params: { certificate }, body: { isTrusted: wanted } }),
  );
  const isAuthority = kind === 'ca' || kind === 'trusted';
  const isIssued = origin === 'issued' && kind !== 'ca';
  const items: readonly [
    isShown: boolean,
    Icon: typeof SaveIcon,
    text: string,
    may: ProcedureName,
    action: () => void,
  ][] = [
    [
      true,
      SaveIcon,
      kind === 'request' ? 'Show the request…' : 'Show and save…',
      'certificates.export',
      () => setBox('export'),
    ],
    [
      origin === 'signed_request',
      SignIcon,
      'Take in the signed certificate…',
      'certificates.sign',
      () => setBox('sign'),
    ],
    [
      hasKey && kind !== 'ca' && kind !== 'request' && origin !== 'hub',
      KeyIcon,
      'Save with its key…',
      'certificates.exportKey',
      () => setBox('key'),
    ],
    [isIssued, RenewIcon, 'Renew', 'certificates.renew', () => renew.mutate(undefined)],
    [origin === 'imported', ReplaceIcon, 'Replace…', 'certificates.update', () => setBox('replace')],
    [isAuthority && !isTrusted, TrustIcon, 'Trust for targets', 'certificates.update', () => trust.mutate(true)],
    [isAuthority && isTrusted, DistrustIcon, 'No longer trust', 'certificates.update', () => trust.mutate(false)],
    [origin !== 'hub', RemoveIcon, 'Remove…', 'certificates.remove', () => setBox('remove')],
  ];
  const close = () => setBox(undefined);
  return (
    <>
      <IconButton
        aria-label={`Actions for ${name}`}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon />
      </IconButton>
      {anchor && (
        <Menu anchorEl={anchor} open onClose={() => setAnchor(null)}>
          {items
            .filter(([isShown]) => isShown)
            .map(([, Icon, text, may, action]) => (
              <MayItem
                key={text}
                may={may}
                onClick={() => {
                  setAnchor(null);
                  action();
                }}
              >
                <Icon />
                <span className={styles.text}>{text}</span>
              </MayItem>
            ))}
        </Menu>
      )}
      {box === 'export' && <ExportDialog view={view} onClose={close} />}
      {box === 'key' && <KeyDialog view={view} onClose={close} />}
      {box === 'sign' && <SignDialog view={view} onClose={close} />}
      {box === 'replace' && <ImportDialog replaced={view} onClose={close} />}
      {box === 'remove' && <RemoveDialog view={view} onClose={close} />}
    </>
  );
}

function RemoveDialog({ view, onClose }: { view: CertificateView; onClose: () => void }) {
  const { certificate, name, usedBy, hasKey } = view;
  const remove = useCall((client, _: undefined) => client.certificates.remove({ certificate }));
  const isUsed = usedBy.length > 0;
  return (
    <Dialog
      title={isUsed ? `${name} is in use` : `Remove ${name}?`}
      onClose={onClose}
      foot={
        <>
          {!isUsed && (
            <Button
              color="error"
              startIcon={<RemoveIcon />}
              loading={remove.isPending}
              onClick={() => remove.mutate(undefined, { onSettled: onClose })}
            >
              Remove
            </Button>
          )}
          <Button autoFocus onClick={onClose}>
            {isUsed ? 'Close' : 'Keep it'}
          </Button>
        </>
      }
    >
      {isUsed ? (
        <p>
          These use it: <bdi>{usersText(view)}</bdi>. Give them another certificate first.
        </p>
      ) : (
        <p>
          {hasKey
            ? 'Its private key is removed with it, and nobody can bring it back.'
            : 'It can be imported again from its file.'}
        </p>
      )}
    </Dialog>
  );
}
