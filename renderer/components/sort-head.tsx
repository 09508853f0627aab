/** The head of a column that sorts the table: once its usual way, then the other. */
import DownIcon from '@mui/icons-material/ArrowDownward';
import UpIcon from '@mui/icons-material/ArrowUpward';
import styles from './table.module.css';

interface SortHeadProps<Id extends string> {
  id: Id;
  title: string;
  isRight?: boolean | undefined;
  /** Sorts from high to low first. */
  isDescending?: boolean | undefined;
  sort: { readonly column: Id; readonly isDescending: boolean };
  onSort: (sort: { readonly column: Id; readonly isDescending: boolean }) => void;
}

export function SortHead<Id extends string>({ id, title, isRight, isDescending, sort, onSort }: SortHeadProps<Id>) {
  const isChosen = sort.column === id;
  const isFalling = isChosen ? sort.isDescending : (isDescending ?? false);
  const Arrow = isFalling ? UpIcon : DownIcon;
  return (
    <th
      scope="col"
      className={isRight ? styles.right : undefined}
      aria-sort={isChosen ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort({ column: id, isDescending: isChosen ? !sort.isDescending : isFalling })}
      >
        {title}
        {isChosen && <Arrow />}
      </button>
    </th>
  );
}
