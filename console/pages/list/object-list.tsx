import { Plus } from 'lucide-react';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
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
import { tableColumns } from './table-columns.tsx';
import { useRows } from './use-rows.ts';
import './object-list.css';

const keyOf = ({ metadata }: AnyObject): string => fullName(metadata);
/** Rows that are read before one gets to them. */
const readAhead = 200;

/** The objects of a kind as a live table. */
export function ObjectList({ known }: { readonly known: KnownKind }) {
  const { facts } = known;
  const namespace = useNamespace();
  const [labels] = useParameter('labels');
  const [fields] = useParameter('fields');
  const [text] = useParameter('text');
  const [sort = 'name', setSort] = useParameter('sort');
  const title = titleOfKind(facts);
  useTitle(title);
  const sorting = { key: sort.replace(/^-/, ''), isDescending: sort.startsWith('-') };
  const [wanted, setWanted] = useState(0);
  const which = { namespace, labelSelector: labels, fieldSelector: fields, text };
  const { error, isSortable, isThere, rows: latest, total } = useRows(known, which, sorting, wanted);
  // Drawing hundreds takes longer than a picture: what is typed and scrolled goes first.
  const rows = useDeferredValue(latest);
  const columns = useMemo(
    () => tableColumns(facts, { withNamespace: facts.namespaced && namespace === undefined, isSortable }),
    [facts, namespace, isSortable],
  );
  const onReach = useCallback((index: number) => setWanted((before) => Math.max(before, index + readAhead)), []);
  const mayCreate = useCan('create', facts.type, namespace);
  const isFiltered = [labels, fields, text].some((each) => each !== undefined && each !== '');
  return (
    <div className="object-list">
      <PageHead
        title={title}
        beside={
          <span className="muted" aria-live="polite">
            {isThere ? total.toLocaleString() : 'Loading …'}
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
      ) : isThere && total === 0 ? (
        <EmptyList known={known} isFiltered={isFiltered} mayCreate={mayCreate} />
      ) : (
        <DataTable
          label={title}
          columns={columns}
          rows={rows}
          count={Math.max(total, rows.length)}
          onReach={onReach}
          keyOf={keyOf}
          sorting={sorting}
          onSort={({ key, isDescending }) => setSort(`${isDescending ? '-' : ''}${key}`)}
        />
      )}
    </div>
  );
}
