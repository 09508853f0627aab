/** The last import, for as long as it can be taken back. */
import UndoIcon from '@mui/icons-material/Undo';
import Button from '@mui/material/Button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCall, useClient, useGateway } from '../../api/use-gateway.ts';
import { formatExact } from '../../components/format.ts';
import styles from './site.module.css';
import { Trouble } from './trouble.tsx';
import { countText } from './words.ts';

export function LastImport({ onUndone }: { onUndone: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const isAnswering = useGateway(({ presence }) => presence === 'answering');
  const { data } = useQuery({ queryKey: ['site', 'last'], queryFn: () => client.site.last(), enabled: isAnswering });
  const undo = useCall((gateway) => gateway.site.undo(), { showsFailure: true });
  const again = () => void queries.invalidateQueries({ queryKey: ['site'] });
  const last = data?.last;
  if (!last) return <Trouble thrown={undo.error} />;
  return (
    <div className={styles.last}>
      <span>
        Last import, {formatExact(last.at)}, by <bdi>{last.by}</bdi>: {countText(last)}. It can be undone until
        something is changed.
      </span>
      <Button
        startIcon={<UndoIcon />}
        loading={undo.isPending}
        onClick={() => undo.mutate(undefined, { onSuccess: onUndone, onSettled: again })}
      >
        Undo import
      </Button>
      <Trouble thrown={undo.error} />
    </div>
  );
}
