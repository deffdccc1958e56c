import { fieldDiff } from '../../../sdk/diff/field-diff.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import { manifestOf } from '../../catalog/plain-object.ts';
import { Button } from '../../components/button.tsx';
import { Status } from '../../components/status.tsx';
import { ChangeList } from '../../features/history/change-list.tsx';
import { clashes, mergePatch, patched } from './merge-patch.ts';
import type { Draft } from './use-draft.ts';

interface StaleNoticeProps {
  readonly base: AnyObject;
  readonly latest: AnyObject;
  readonly draft: Draft;
  /** Editing goes on from this state of the object. */
  readonly onRebase: (base: AnyObject) => void;
}

/** Says that others changed the object while it is edited, what they changed, and lets one go on from there. */
export function StaleNotice({ base, latest, draft, onRebase }: StaleNoticeProps) {
  const [old, fresh] = [manifestOf(base), manifestOf(latest)];
  // Controllers write status all the time; that is nobody's edit.
  const theirs = mergePatch(old, fresh);
  if (Object.keys(theirs).length === 0) return null;
  const mine = mergePatch(old, draft.value);
  const both = clashes(mine, theirs);
  return (
    <div className="editor-notice" role="alert">
      <Status tone="warn" label="This was changed elsewhere while you edited it" />
      <ChangeList changes={fieldDiff(old, fresh).map((change) => ({ ...change, cut: false }))} />
      {both.length > 0 && (
        <p>
          You changed the same: <code>{both.join(', ')}</code>.
        </p>
      )}
      <div className="row">
        <Button
          onClick={() => {
            draft.replace(patched(fresh, mine));
            onRebase(latest);
          }}
        >
          {both.length > 0 ? 'Take theirs in, keep mine where both changed' : 'Take their changes in'}
        </Button>
        <Button
          onClick={() => {
            draft.replace(fresh);
            onRebase(latest);
          }}
        >
          Drop mine
        </Button>
      </div>
    </div>
  );
}
