import { Select } from '../components/select.tsx';
import { knownKinds } from '../catalog/known-kinds.ts';
import { useLive } from '../live/use-live.ts';
import { useProject, useSetProject } from '../routing/scope.ts';

const projects = knownKinds.get('projects');
const select = { metadata: { name: true, uid: true, resourceVersion: true } };
/** The project of the token has no name in the address. */
const own = '';

/** Which project is looked at. Other projects are known in the root control plane alone; elsewhere one leads back there. */
export function ProjectPicker() {
  const project = useProject();
  const setProject = useSetProject();
  const { objects } = useLive(
    project === undefined && projects !== undefined ? { kind: projects.kind, select } : undefined,
  );
  const names = project === undefined ? objects.map(({ metadata }) => metadata.name).toSorted() : [project];
  const options = [
    { value: own, label: project === undefined ? 'Root' : 'Back to the root' },
    ...names.map((name) => ({ value: name, label: name })),
  ];
  return (
    <Select
      label="Project"
      prefix="Project"
      value={project ?? own}
      options={options}
      onChange={(next) => setProject(next === own ? undefined : next)}
    />
  );
}
