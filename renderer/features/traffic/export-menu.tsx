/** What was captured of a connection as a file. */
import ExportIcon from '@mui/icons-material/FileDownloadOutlined';
import Button from '@mui/material/Button';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import type { ExportFormat } from '../../../shared/capture.ts';
import { useCall } from '../../api/use-gateway.ts';
import { saveBlob } from '../../components/save-file.ts';

const words: Readonly<Record<ExportFormat, string>> = {
  pcapng: 'PCAPNG, for Wireshark',
  har: 'HAR, HTTP only',
  jsonl: 'JSON lines',
  raw: 'Bytes as they came',
};

export function ExportMenu({ pipe }: { pipe: string }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const fetchFile = useCall((client, format: ExportFormat) => client.captures.export({ pipe, format }));
  return (
    <>
      <Button
        variant="text"
        size="small"
        startIcon={<ExportIcon />}
        aria-haspopup="menu"
        loading={fetchFile.isPending}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        Export
      </Button>
      {anchor && (
        <Menu anchorEl={anchor} open onClose={() => setAnchor(null)}>
          {(Object.keys(words) as ExportFormat[]).map((format) => (
            <MenuItem
              key={format}
              onClick={() => {
                setAnchor(null);
                fetchFile.mutate(format, { onSuccess: saveBlob });
              }}
            >
              {words[format]}
            </MenuItem>
          ))}
        </Menu>
      )}
    </>
  );
}
