/** What opens from the filter bar: protocols, columns, and on narrow pages all filters in one. */
import CheckIcon from '@mui/icons-material/Check';
import FilterIcon from '@mui/icons-material/FilterList';
import MoreIcon from '@mui/icons-material/KeyboardArrowDown';
import ColumnsIcon from '@mui/icons-material/ViewColumnOutlined';
import Badge from '@mui/material/Badge';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Popover from '@mui/material/Popover';
import { type ReactNode, useRef, useState } from 'react';
import { protocols } from '../../../shared/proxy.ts';
import { protocolText } from '../../../shared/sentence.ts';
import { tagsInUse } from '../../../shared/tag.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { isSameList, toggled } from '../../components/selection.ts';
import { columns } from './columns.ts';
import styles from './filter-menus.module.css';
import { listChoices, setFilter, useFilter } from './list-view.ts';
import { describeFilter, noFilter } from './proxy-list.ts';
import { SearchField } from './search-field.tsx';
import { StateFilters } from './state-filters.tsx';

export function ProtocolMenu() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const chosen = useFilter().protocols;
  return (
    <>
      <Button
        size="small"
        endIcon={<MoreIcon />}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {chosen.length === 0 ? 'Protocol' : chosen.map((protocol) => protocolText[protocol]).join(', ')}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {protocols.map((protocol) => (
          <CheckItem
            key={protocol}
            isChecked={chosen.includes(protocol)}
            onToggle={() => setFilter({ protocols: toggled(chosen, protocol) })}
          >
            {protocolText[protocol]}
          </CheckItem>
        ))}
      </Menu>
    </>
  );
}

/** There once a proxy has a tag. */
export function TagMenu() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const chosen = useFilter().tags;
  const inUse = useGateway(({ proxies }) => tagsInUse(proxies.values()), isSameList);
  const offered = [...inUse, ...chosen.filter((tag) => !inUse.includes(tag))];
  if (offered.length === 0) return null;
  return (
    <>
      <Button
        size="small"
        endIcon={<MoreIcon />}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {chosen.length === 0 ? 'Tag' : chosen.join(', ')}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {offered.map((tag) => (
          <CheckItem
            key={tag}
            isChecked={chosen.includes(tag)}
            onToggle={() => setFilter({ tags: toggled(chosen, tag) })}
          >
            {tag}
          </CheckItem>
        ))}
      </Menu>
    </>
  );
}

export function ColumnMenu() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const chosen = listChoices.use().columns;
  return (
    <>
      <IconButton
        className={styles.small}
        aria-label="Choose columns"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <ColumnsIcon />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {columns
          .filter((column) => !column.isFixed)
          .map(({ id, title }) => (
            <CheckItem
              key={id}
              isChecked={chosen.includes(id)}
              onToggle={() => listChoices.set({ columns: [...toggled(chosen, id)] })}
            >
              {title}
            </CheckItem>
          ))}
      </Menu>
    </>
  );
}

function CheckItem({
  isChecked,
  onToggle,
  children,
  ...rest
}: {
  isChecked: boolean;
  onToggle: () => void;
  children: ReactNode;
}) {
  return (
    <MenuItem {...rest} role="menuitemcheckbox" aria-checked={isChecked} onClick={onToggle}>
      <span className={styles.text}>{children}</span>
      {isChecked && <CheckIcon />}
    </MenuItem>
  );
}

/** All filters under one button. */
export function NarrowFilter({ isOpen, onOpen }: { isOpen: boolean; onOpen: (isOpen: boolean) => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const filter = useFilter();
  const isFiltered = describeFilter(filter) !== '';
  return (
    <>
      <IconButton
        ref={button}
        aria-label={isFiltered ? 'Filter, in use' : 'Filter'}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => onOpen(true)}
      >
        <Badge variant="dot" color="primary" invisible={!isFiltered}>
          <FilterIcon />
        </Badge>
      </IconButton>
      <Popover
        open={isOpen}
        onClose={() => onOpen(false)}
        anchorEl={() => button.current ?? document.body}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': 'Filter' } }}
      >
        <div className={styles.panel}>
          <SearchField autoFocus />
          <StateFilters />
          <ProtocolMenu />
          <TagMenu />
          <Button onClick={() => setFilter(noFilter)} disabled={!isFiltered}>
            Clear the filter
          </Button>
        </div>
      </Popover>
    </>
  );
}
