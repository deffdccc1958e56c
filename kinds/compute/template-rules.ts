import type { InstanceSpec, InstanceTemplate, NamedPort, SandboxContainer, TemplateMeta } from '../generated/types.ts';
import { annotationProblems, labelProblems } from '../metadata.ts';
import { environmentNameFault, portNameFault } from '../name-rules.ts';
import { peerProblems, portProblems } from '../networking/policy-rules.ts';
import { forbidden, invalid, notSupported, required, type Problem } from '../problem.ts';
import { instanceType, instanceTypeNames } from './instance-types.ts';
import { parseSshKeys, sshKeysAnnotation } from './ssh-keys.ts';
import { volumeProblems } from './volume-rules.ts';

const registry = String.raw`(?:localhost|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9.-]+(?=:\d))(?::\d+)?`;
const repository = String.raw`[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*`;
const imagePattern = new RegExp(
  String.raw`^${registry}(?:/${repository})+(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,128})?$`,
);
const maxImage = 512;

/** What breaks the rules on a template at `path`. */
export function templateProblems(path: string, { metadata = {}, spec }: InstanceTemplate): Problem[] {
  return [
    ...templateMetaProblems(`${path}.metadata`, metadata),
    ...instanceSpecProblems(`${path}.spec`, spec),
    ...sshKeyProblems(`${path}.metadata`, metadata, spec),
  ];
}

/** What breaks the rules on the metadata that a template gives to what is made from it. */
export function templateMetaProblems(path: string, { labels, annotations }: TemplateMeta): Problem[] {
  return [...labelProblems(`${path}.labels`, labels), ...annotationProblems(`${path}.annotations`, annotations)];
}

/** What breaks the rules on an instance's spec at `path`. */
export function instanceSpecProblems(path: string, spec: InstanceSpec): Problem[] {
  const { resources, sandbox, virtualMachine } = spec.runtime;
  const named = new Set(namedPortsOf(spec).map((port) => port.name));
  return [
    ...(instanceType(resources.instanceType)
      ? []
      : [notSupported(`${path}.runtime.resources.instanceType`, resources.instanceType, instanceTypeNames())]),
    ...(resources.requests
      ? [
          forbidden(
            `${path}.runtime.resources.requests`,
            "sizes of one's own choice are not implemented; name an instanceType",
          ),
        ]
      : []),
    ...(sandbox?.containers ?? []).flatMap((container, index) =>
      containerProblems(`${path}.runtime.sandbox.containers[${index}]`, container),
    ),
    ...portNameProblems(`${path}.runtime.virtualMachine.ports`, virtualMachine?.ports),
    ...spec.networkInterfaces.flatMap(({ networkPolicy }, index) =>
      (networkPolicy?.ingress ?? []).flatMap(({ ports, from }, rule) => {
        const at = `${path}.networkInterfaces[${index}].networkPolicy.ingress[${rule}]`;
        return [...portProblems(`${at}.ports`, ports, named), ...peerProblems(`${at}.from`, from)];
      }),
    ),
    ...volumeProblems(path, spec),
  ];
}

/** What is wrong with the keys that may log in to a virtual machine; containers need none. */
export function sshKeyProblems(path: string, { annotations }: TemplateMeta, { runtime }: InstanceSpec): Problem[] {
  const at = `${path}.annotations[${sshKeysAnnotation}]`;
  const text = annotations?.[sshKeysAnnotation];
  if (text === undefined)
    return runtime.virtualMachine
      ? [required(at, 'a virtual machine needs one line username:public-key at least')]
      : [];
  return parseSshKeys(text).faults.map((fault) => invalid(at, '', fault));
}

/** All ports of containers and machine that have a name. */
export function namedPortsOf({ runtime }: InstanceSpec): NamedPort[] {
  return [
    ...(runtime.sandbox?.containers ?? []).flatMap((container) => container.ports ?? []),
    ...(runtime.virtualMachine?.ports ?? []),
  ];
}

function containerProblems(path: string, { image, env = [], ports }: SandboxContainer): Problem[] {
  return [
    ...(image.length <= maxImage && imagePattern.test(image)
      ? []
      : [invalid(`${path}.image`, image, 'must be a fully qualified image, such as docker.io/library/nginx:1.29')]),
    ...env.flatMap(({ name }, index) => {
      const fault = environmentNameFault(name);
      return fault === undefined ? [] : [invalid(`${path}.env[${index}].name`, name, fault)];
    }),
    ...portNameProblems(`${path}.ports`, ports),
  ];
}

function portNameProblems(path: string, ports: readonly NamedPort[] = []): Problem[] {
  return ports.flatMap(({ name }, index) => {
    const fault = portNameFault(name);
    return fault === undefined ? [] : [invalid(`${path}[${index}].name`, name, fault)];
  });
}
