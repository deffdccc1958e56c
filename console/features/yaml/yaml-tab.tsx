import { Copy, Eye } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { YamlBlock } from '../../components/code-block.tsx';
import { say } from '../../components/toasts.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { masked, withoutManagers, yamlOf } from '../../catalog/plain-object.ts';

interface YamlTabProps {
  readonly known: KnownKind;
  readonly object: AnyObject;
}

/** An object as it is, as YAML. Secret values show when they are asked for. */
export function YamlTab({ known: { facts }, object }: YamlTabProps) {
  const [withManagers, setManagers] = useState(false);
  const [withSecrets, setSecrets] = useState(false);
  const text = useMemo(() => {
    const shown = withManagers ? object : withoutManagers(object);
    return yamlOf(withSecrets ? shown : masked(shown, facts.sensitive));
  }, [object, withManagers, withSecrets, facts]);
  return (
    <div className="stack">
      <div className="row">
        <Button onClick={() => void navigator.clipboard.writeText(text).then(() => say('Copied as YAML'))}>
          <Copy size={15} aria-hidden />
          Copy
        </Button>
        <Button aria-pressed={withManagers} onClick={() => setManagers(!withManagers)}>
          {withManagers ? 'Hide' : 'Show'} field managers
        </Button>
        {facts.sensitive.length > 0 && (
          <Button aria-pressed={withSecrets} onClick={() => setSecrets(!withSecrets)}>
            <Eye size={15} aria-hidden />
            {withSecrets ? 'Hide' : 'Show'} secret values
          </Button>
        )}
      </div>
      <YamlBlock text={text} label={`${object.metadata.name} as YAML`} />
    </div>
  );
}
