import type { CloudConfig } from './cloud-config.ts';

/** A unit of systemd that the user data starts. */
interface StartedUnit {
  readonly name: string;
  readonly description: string;
  /** It is done when its command is. */
  readonly endsBySelf: boolean;
  readonly commands: readonly string[];
  /** Units without which it does not start. */
  readonly requires: readonly string[];
}

/** The units that commands of the user data start, in order; their files and drop-ins are the user data's too. */
export function startedUnits({ files, commands }: CloudConfig): StartedUnit[] {
  const names = commands.flatMap((command) => {
    const [program, ...words] = command.split(' ');
    return program === 'systemctl' && words[0] === 'start'
      ? words.slice(1).filter((word) => !word.startsWith('-'))
      : [];
  });
  return names.map((name) => {
    const texts = files
      .filter(({ path }) => path === `/etc/systemd/system/${name}` || path.startsWith(`/etc/systemd/system/${name}.d/`))
      .map(({ content }) => content.toString());
    const values = (key: string): string[] =>
      texts.flatMap((text) =>
        text.split('\n').flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : [])),
      );
    return {
      name,
      description: values('Description')[0] ?? name,
      endsBySelf: values('Type').includes('oneshot'),
      commands: values('ExecStart'),
      requires: values('Requires').flatMap((line) => line.split(' ')),
    };
  });
}
