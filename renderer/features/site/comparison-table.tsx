/** What a file would change here, line by line, with why some of it cannot work. */
import RefusedIcon from '@mui/icons-material/Close';
import NoteIcon from '@mui/icons-material/InfoOutlined';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Checkbox from '@mui/material/Checkbox';
import type { SiteConcern, SiteItemView } from '../../../shared/site.ts';
import styles from './site.module.css';
import { changeWords, partWords } from './words.ts';

interface ComparisonTableProps {
  items: readonly SiteItemView[];
  chosen: ReadonlySet<string>;
  onChoose: (id: string, isChosen: boolean) => void;
}

const icons = { forbids: RefusedIcon, warns: WarningIcon, tells: NoteIcon } as const;
const canBeChosen = ({ change, concerns }: SiteItemView): boolean =>
  change !== 'same' && concerns.every(({ weight }) => weight !== 'forbids');

/** What changes nothing is of the least interest. */
const sameLast = (a: SiteItemView, b: SiteItemView): number =>
  Number(a.change === 'same') - Number(b.change === 'same');

export function ComparisonTable({ items, chosen, onChoose }: ComparisonTableProps) {
  return (
    <div className={styles.scroller}>
      <table className={styles.table} aria-label="Comparison">
        <colgroup>
          <col className={styles.checkColumn} />
          <col className={styles.nameColumn} />
          <col className={styles.changeColumn} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">Apply</span>
            </th>
            <th scope="col">Item</th>
            <th scope="col">Change</th>
            <th scope="col">What to know</th>
          </tr>
        </thead>
        <tbody>
          {items.toSorted(sameLast).map((item) => (
            <tr key={item.id} className={styles[item.change]}>
              <td className={styles.check}>
                {canBeChosen(item) && (
                  <Checkbox
                    checked={chosen.has(item.id)}
                    onChange={(_, isOn) => onChoose(item.id, isOn)}
                    slotProps={{ input: { 'aria-label': `Apply ${item.name}` } }}
                  />
                )}
              </td>
              <th scope="row">
                <bdi className={styles.name}>{item.name}</bdi>
                <small>{partWords[item.part]}</small>
              </th>
              <td>{changeWords[item.change]}</td>
              <td>
                {item.concerns.map((concern) => (
                  <Concern key={concern.message} concern={concern} />
                ))}
                {item.fields.length > 0 && (
                  <ul className={styles.fields}>
                    {item.fields.map(({ path, before, after }) => (
                      <li key={path}>
                        <bdi>{path}</bdi>: <bdi>{before || 'nothing'}</bdi> → <bdi>{after || 'nothing'}</bdi>
                      </li>
                    ))}
                  </ul>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Concern({ concern: { weight, message } }: { concern: SiteConcern }) {
  const Icon = icons[weight];
  return (
    <p className={`${styles.concern} ${styles[weight]}`}>
      <Icon />
      <span>{message}</span>
    </p>
  );
}
