import { createRequire } from 'node:module';
import type { Json, JsonObject } from '../core/json.ts';
import { isObject, stringAt } from '../core/json.ts';

/** A file that cloud-init writes. */
export interface GuestFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: string;
}

/** What cloud-init makes of the user data of a machine. */
export interface CloudConfig {
  readonly files: readonly GuestFile[];
  /** Commands in order, as a shell would show them. */
  readonly commands: readonly string[];
  /** What is wrong with it, in the order in which cloud-init finds it. */
  readonly problems: readonly string[];
}

const NOTHING: CloudConfig = { files: [], commands: [], problems: [] };

/** Modules of cloud-init by the member that configures them. */
const MEMBERS = new Set(
  (
    'apt bootcmd ca_certs chpasswd device_aliases disable_root disable_root_opts disk_setup fqdn fs_setup growpart groups ' +
    'hostname keyboard locale manage_etc_hosts merge_how mounts mount_default_fields no_ssh_fingerprints ntp output ' +
    'package_reboot_if_required package_update package_upgrade packages password phone_home power_state ' +
    'preserve_hostname prefer_fqdn_over_hostname random_seed resize_rootfs resolv_conf rsyslog runcmd snap ssh ssh_authorized_keys ' +
    'ssh_deletekeys ssh_genkeytypes ssh_import_id ssh_keys ssh_publish_hostkeys ssh_pwauth swap timezone user users ' +
    'write_files yum_repos zypper final_message'
  ).split(' '),
);
const ENCODINGS = new Map<string, 'base64' | 'plain'>([
  ['b64', 'base64'],
  ['base64', 'base64'],
  ['text/plain', 'plain'],
]);

/** Reads user data as cloud-init does: a cloud-config, with or without a template header, or a script. */
export function readUserData(text: string): CloudConfig {
  const lines = text.split('\n');
  const isTemplate = /^##\s*template:\s*jinja/.test(lines[0] ?? '');
  const header = (isTemplate ? lines[1] : lines[0]) ?? '';
  if (text.trim() === '') return NOTHING;
  if (header.startsWith('#!')) return { ...NOTHING, commands: ['/var/lib/cloud/instance/scripts/part-001'] };
  if (header.trim() !== '#cloud-config') {
    return {
      ...NOTHING,
      problems: [`Unhandled non-multipart (text/x-not-multipart) userdata: '${header.slice(0, 40)}...'`],
    };
  }
  return readConfig(text);
}

function readConfig(text: string): CloudConfig {
  let config: Json;
  try {
    config = parseYaml(text);
  } catch (error) {
    const first = String(error instanceof Error ? error.message : error).split('\n')[0];
    return { ...NOTHING, problems: [`Failed loading yaml blob. ${first}`] };
  }
  if (config === null) return NOTHING;
  if (!isObject(config))
    return { ...NOTHING, problems: ['Failed loading yaml blob. Yaml load allows (dict,) root types'] };
  const problems: string[] = [];
  for (const name of Object.keys(config)) {
    if (!MEMBERS.has(name))
      problems.push(`Invalid cloud-config provided: Additional properties are not allowed ('${name}' was unexpected)`);
  }
  const files = listAt(config, 'write_files', problems).flatMap((item, index) => readFile(item, index, problems));
  const commands = [...commandsAt(config, 'bootcmd', problems), ...commandsAt(config, 'runcmd', problems)];
  return { files, commands, problems };
}

function listAt(config: JsonObject, name: string, problems: string[]): readonly Json[] {
  const value = config[name];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  problems.push(`Invalid cloud-config provided: ${name}: ${JSON.stringify(value)} is not of type 'array'`);
  return [];
}

function readFile(item: Json, index: number, problems: string[]): readonly GuestFile[] {
  const at = `write_files.${index}`;
  const path = isObject(item) ? stringAt(item, 'path') : undefined;
  if (!isObject(item) || path === undefined) {
    problems.push(`Invalid cloud-config provided: ${at}: 'path' is a required property`);
    return [];
  }
  const encoding = ENCODINGS.get(stringAt(item, 'encoding') ?? 'text/plain');
  if (encoding === undefined) {
    problems.push(`Unknown encoding type ${String(item['encoding'])}, assuming text/plain`);
  }
  const mode = item['permissions'];
  if (mode !== undefined && !(typeof mode === 'string' && /^0?[0-7]{3,4}$/.test(mode))) {
    problems.push(`Undecodable permissions '${String(mode)}', returning default 0o644`);
  }
  const text = stringAt(item, 'content') ?? '';
  if (encoding === 'base64' && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) {
    problems.push(`${at}: Incorrect padding in base64 content of ${path}`);
  }
  const content = Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
  return [{ path, content, mode: typeof mode === 'string' ? mode : '0644' }];
}

function commandsAt(config: JsonObject, name: string, problems: string[]): readonly string[] {
  return listAt(config, name, problems).flatMap((command, index) => {
    if (typeof command === 'string') return [command];
    if (Array.isArray(command) && command.every((word) => typeof word === 'string' || typeof word === 'number')) {
      return [command.join(' ')];
    }
    problems.push(`Unable to shellify type '${typeof command}'. Expected list, string, tuple at ${name}.${index}`);
    return [];
  });
}

/** The parser is loaded when a machine first boots with user data: most runs never need it. */
function parseYaml(text: string): Json {
  const { parse } = createRequire(import.meta.url)('yaml') as { parse(source: string): unknown };
  return parse(text) as Json;
}
