import { conditionsOf, type Instance } from '../../../sdk/main.ts';
import { toneOf, wordsOf } from '../../catalog/health.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Status } from '../../components/status.tsx';
import { Age } from '../../components/time.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';

/** What the machine is, where it is, and whether it is switched on. */
export function MachinePanel({ instance }: { readonly instance: Instance }) {
  const { spec, status } = instance;
  const running = conditionsOf(instance).find(({ type }) => type === 'Running');
  const { location, runtime, volumes = [] } = spec;
  const containers = runtime.sandbox?.containers ?? [];
  return (
    <Panel title="Machine">
      <Facts
        facts={[
          [
            'Power',
            running && (
              <>
                <Status tone={toneOf(running)} label={wordsOf(running.reason)} title={running.message} />{' '}
                <span className="muted">
                  for <Age time={running.lastTransitionTime} />
                </span>
              </>
            ),
          ],
          ['Wanted power', spec.powerState],
          ['Location', location && <Link to={pathOf('Location', location) ?? paths.overview}>{location.name}</Link>],
          ['Type', runtime.resources.instanceType],
          ['Runs', runtime.virtualMachine ? 'a virtual machine' : containers.map(({ name }) => name).join(', ')],
          ['Images', containers.length > 0 && <ImageList images={containers.map(({ image }) => image)} />],
          ['Volumes', volumes.map(({ name }) => name).join(', ')],
          [
            'Template',
            <TemplateState
              key="template"
              wanted={spec.controller?.templateHash}
              actual={status?.controller?.observedTemplateHash}
            />,
          ],
        ]}
      />
    </Panel>
  );
}

function ImageList({ images }: { readonly images: readonly string[] }) {
  return (
    <ul>
      {images.map((image) => (
        <li key={image}>
          <code>{image}</code>
        </li>
      ))}
    </ul>
  );
}

interface TemplateStateProps {
  readonly wanted: string | undefined;
  readonly actual: string | undefined;
}

function TemplateState({ wanted, actual }: TemplateStateProps) {
  if (wanted === undefined) return null;
  const isUpToDate = wanted === actual;
  return (
    <>
      <code>{wanted}</code>{' '}
      <span className="muted">
        {isUpToDate ? '(the machine was made from it)' : '(the machine was not made from it yet)'}
      </span>
    </>
  );
}
