import { Plus } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { buttonClass } from '../../components/button.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useCan } from '../../features/permissions/use-can.ts';
import { type AnyObject, fullName } from '../../catalog/any-object.ts';
import { Prose } from '../../components/prose.tsx';
import { titleOfKind } from '../../catalog/kind-names.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';
import { useNamespace, useParameter } from '../../routing/scope.ts';
import { useTitle } from '../../routing/use-title.ts';
import { EmptyList } from './empty-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { sortRows } from './sort-rows.ts';
import { tableColumns } from './table-columns.tsx';
import { useRows } from './use-rows.ts';
import './object-list.css';

const keyOf = ({ metadata }: AnyObject): string => fullName(metadata);

/** The objects of a kind as a live table. */
export function ObjectList({ known }: { readonly known: KnownKind }) {
  const { facts } = known;
  const namespace = useNamespace();
  const [labels] = useParameter('labels');
  const [fields] = useParameter('fields');
  const [text = ''] = useParameter('text');
  const [sort = 'name', setSort] = useParameter('sort');
  const title = titleOfKind(facts);
  useTitle(title);
  const {
    error,
    isComplete,
    rows: latest,
  } = useRows(known, { namespace, labelSelector: labels, fieldSelector: fields });
  // Sorting thousands takes longer than a picture: what is typed and scrolled goes first.
  const rows = useDeferredValue(latest);
  const columns = useMemo(() => tableColumns(facts, facts.namespaced && namespace === undefined), [facts, namespace]);
  const sorting = { key: sort.replace(/^-/, ''), isDescending: sort.startsWith('-') };
  const shown = useMemo(
    () => sortRows(rows, { facts, text, key: sorting.key, isDescending: sorting.isDescending }),
    [rows, facts, text, sorting.key, sorting.isDescending],
  );
  const mayCreate = useCan('create', facts.type, namespace);
  const isFiltered = [labels, fields, text].some((each) => each !== undefined && each !== '');
  return (
    <div className="object-list">
      <PageHead
        title={title}
        beside={
          <span className="muted" aria-live="polite">
            {isComplete
              ? countOf(shown.length, rows.length)
              : rows.length === 0
                ? 'Loading …'
                : `${rows.length} so far …`}
          </span>
        }
        about={<Prose text={facts.description} />}
        actions={
          mayCreate && (
            <Link to={paths.create(facts.plural)} className={buttonClass('primary')}>
              <Plus size={16} aria-hidden />
              Create {facts.type}
            </Link>
          )
        }
      />
      <FilterBar facts={facts} />
      {error !== undefined ? (
        <ErrorNotice what={`The list of ${title.toLowerCase()} could not be read`} error={error} />
      ) : isComplete && shown.length === 0 ? (
        <EmptyList known={known} isFiltered={isFiltered} mayCreate={mayCreate} />
      ) : (
        <DataTable
          label={title}
          columns={columns}
          rows={shown}
          keyOf={keyOf}
          sorting={sorting}
          onSort={({ key, isDescending }) => setSort(`${isDescending ? '-' : ''}${key}`)}
        />
      )}
    </div>
  );
}

function countOf(shown: number, all: number): string {
  return shown === all ? all.toLocaleString() : `${shown.toLocaleString()} of ${all.toLocaleString()}`;
}
