/** The site bundle: out, compared, in, and back. */
import { z } from 'zod';
import {
  signerInput,
  signerList,
  signerView,
  siteExport,
  siteExportInput,
  siteImportAnswer,
  siteImportRequest,
  siteLastImport,
} from '../site.ts';
import { canFail, forRole } from './procedure.ts';

const tags = ['Site'];

export const site = {
  export: forRole('administrator')
    .route({
      method: 'POST',
      path: '/v1/export',
      summary: 'Export parts of this gateway as a sealed and signed bundle, or plain proxies for HAProxy or nginx',
      tags,
    })
    .errors(canFail('BUNDLE_TOO_LARGE', 'SECRETS_UNREADABLE', 'CONFIG_NOT_SAVED'))
    .input(siteExportInput)
    .output(siteExport),
  import: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/import',
      summary: 'Compare a bundle or a file of another program with this gateway, or apply it',
      tags,
      inputStructure: 'detailed',
    })
    .errors(
      canFail(
        'BUNDLE_UNREADABLE',
        'BUNDLE_TOO_LARGE',
        'BUNDLE_PASSPHRASE',
        'BUNDLE_SIGNATURE',
        'BUNDLE_NOT_TRUSTED',
        'IMPORT_UNSEEN',
        'CONFIG_NOT_SAVED',
        'SECRETS_UNREADABLE',
      ),
    )
    .input(siteImportRequest)
    .output(siteImportAnswer),
  last: forRole('technician')
    .route({ method: 'GET', path: '/v1/import', summary: 'Read which import can be undone', tags })
    .output(z.object({ last: siteLastImport.nullable() })),
  undo: forRole('technician')
    .route({ method: 'DELETE', path: '/v1/import', summary: 'Undo the last import', tags })
    .errors(canFail('IMPORT_NOT_LAST', 'BUNDLE_NOT_TRUSTED', 'CONFIG_NOT_SAVED'))
    .output(siteLastImport),
  signers: forRole('technician')
    .route({ method: 'GET', path: '/v1/site/signers', summary: 'List the keys whose bundles are trusted', tags })
    .output(signerList),
  trust: forRole('administrator')
    .route({ method: 'POST', path: '/v1/site/signers', summary: 'Trust bundles of another site', tags })
    .errors(canFail('CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(signerInput)
    .output(signerView),
  distrust: forRole('administrator')
    .route({
      method: 'DELETE',
      path: '/v1/site/signers/{fingerprint}',
      summary: 'Trust bundles of a site no longer',
      tags,
    })
    .errors(canFail('SIGNER_NOT_FOUND', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
    .input(z.object({ fingerprint: z.string() }))
    .output(z.object({ fingerprint: z.string() })),
};
