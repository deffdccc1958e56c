import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../config.ts';
import { image, imageNames } from '../kinds/compute/images.ts';
import { instanceType, instanceTypeNames } from '../kinds/compute/instance-types.ts';
import { extendCatalog } from './catalog.ts';

const read = (catalog: object) => readConfig({ DATUM_CATALOG: JSON.stringify(catalog) });

test('gap 32: an operator adds instance types and images, which stand beside those that are known', () => {
  extendCatalog(
    read({
      instanceTypes: { 'acme/large-4': { cpus: 4, memoryGib: 16, machineTypes: { gcp: 'n2-standard-4' } } },
      images: {
        'acme/debian-12': { minDiskGib: 10, sources: { gcp: 'projects/debian-cloud/global/images/family/debian-12' } },
      },
    }),
  );
  expect(instanceType('acme/large-4')?.machineTypes['gcp']).toBe('n2-standard-4');
  expect(instanceTypeNames()).toEqual(['acme/large-4', 'datumcloud/d1-standard-2']);
  expect(image('acme/debian-12')?.minDiskGib).toBe(10);
  expect(imageNames()).toContain('datumcloud/ubuntu-2204-lts');
});

test.each([
  { instanceTypes: { large: { cpus: 4, memoryGib: 16, machineTypes: { gcp: 'n2-standard-4' } } } },
  { instanceTypes: { 'acme/large': { cpus: 4, memoryGib: 16, machineTypes: {} } } },
  { images: { 'acme/x': { minDiskGib: 10, sources: { gcp: 'debian-12' } } } },
  { sizes: {} },
])('what is no catalog is refused: %j', (catalog) => expect(() => read(catalog)).toThrow(ConfigError));
